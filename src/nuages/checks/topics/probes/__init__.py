"""Probes: what a load balancer asks, and whether the answer says what it should."""
