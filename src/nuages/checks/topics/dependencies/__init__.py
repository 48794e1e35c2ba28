"""Dependencies: what is installed, whether it is the same tomorrow, and whether it is enough."""
