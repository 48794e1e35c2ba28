"""A new project: the starter in ``project/``, and making a copy of it."""
