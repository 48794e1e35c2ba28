"""Network and proxies: who can reach what, and what Django believes of a request."""
