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
from nuages.project.evaluation.libraries import (
    decouple,
    django,
    django_environ,
    dotenv,
    environ_path,
    environment,
    environs,
    paths,
    process,
    services,
    split_settings,
)

__all__ = [
    "blocks",
    "branches",
    "builtin",
    "comprehensions",
    "decouple",
    "definitions",
    "django",
    "django_environ",
    "dotenv",
    "environ_path",
    "environment",
    "environs",
    "imports",
    "paths",
    "process",
    "services",
    "split_settings",
    "statements",
]
