"""Programs that run inside the project's own environment, on any Python from 3.6."""
