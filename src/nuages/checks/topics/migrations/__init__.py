"""Migrations: what hurts while two releases run, what locks, what fails, what is not found."""
