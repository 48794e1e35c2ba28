"""The settings contract: what the settings read from the environment, and from where it comes."""
