"""Which migrations a release brings, and whether the code before could live with them."""

from __future__ import annotations

from collections.abc import Mapping

from nuages.checks.production import Production
from nuages.checks.sources.migrations import Operation
from nuages.checks.topics.migrations.rolling import refused, taken

Migrations = dict[str, tuple[str, ...]]


def migrations(production: Production) -> Migrations:
    """Every migration of the project's own code, and what in it harms code written before it."""
    return {
        f"{each.app}.{each.name}": tuple(dict.fromkeys(filter(None, map(_harm, each.operations))))
        for each in production.migrations
    }


def since(old: Mapping[str, tuple[str, ...]], new: Mapping[str, tuple[str, ...]]) -> Migrations:
    """What the newer release has and the older one does not know."""
    return {name: tuple(why) for name, why in new.items() if name not in old}


def harmful(found: Mapping[str, tuple[str, ...]]) -> Migrations:
    """Those that older code cannot live with."""
    return {name: tuple(why) for name, why in found.items() if why}


def _harm(operation: Operation) -> str:
    if operation.kind == "AlterField":
        return f"AlterField {operation.model}.{operation.text('name', 1)}"
    return taken(operation) or refused(operation)
