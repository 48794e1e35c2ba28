"""What the Django that is installed ignores, refuses or does not know yet."""
