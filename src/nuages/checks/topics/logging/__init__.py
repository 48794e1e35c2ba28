"""Logs: whether they reach anybody, can be searched, and tell no secrets."""
