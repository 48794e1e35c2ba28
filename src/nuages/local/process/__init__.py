"""The process engine: the project in an environment of its own, with no container."""
