"""The libraries that settings modules use, modelled after their own sources."""

from nuages.project.evaluation import (
    blocks,
    branches,
    builtin,
    comprehensions,
    definitions,
    imports,
    statements,
)
from nuages.project.evaluation.libraries import django, environment, paths, process

__all__ = [
    "blocks",
    "branches",
    "builtin",
    "comprehensions",
    "definitions",
    "django",
    "environment",
    "imports",
    "paths",
    "process",
    "statements",
]
