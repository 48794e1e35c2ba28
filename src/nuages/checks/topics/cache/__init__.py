"""The cache, and the sessions that may be kept in it."""
