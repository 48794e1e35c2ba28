"""The readiness rules: what would break, leak or cost in production, found by reading."""
