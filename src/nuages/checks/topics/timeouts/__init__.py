"""Timeouts: each link of the chain must wait longer than the one inside it."""
