"""One module per API; importing it registers its answers."""

from fakes.google.services import (
    accounts,
    builds,
    caches,
    logs,
    metrics,
    project,
    registry,
    run,
    schedules,
    secrets,
    sql,
    storage,
    usage,
)

__all__ = [
    "accounts",
    "builds",
    "caches",
    "logs",
    "metrics",
    "project",
    "registry",
    "run",
    "schedules",
    "secrets",
    "sql",
    "storage",
    "usage",
]
