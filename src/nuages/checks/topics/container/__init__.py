"""The image, and the compose file that runs it: the user's own, not what Nuages renders."""
