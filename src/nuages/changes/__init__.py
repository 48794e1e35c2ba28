"""What would change in an infrastructure: a plan read back, and put into words."""
