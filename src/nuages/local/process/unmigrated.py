"""Models whose tables no committed migration makes, and how they come to be here: pure.

Django's rules: https://docs.djangoproject.com/en/stable/ref/django-admin/#migrate. An app
without a package of migrations gets its tables from ``migrate --run-syncdb``; one whose package
is empty gets none; and one that migrations of others depend on, as those of the admin do on the
user model's, stops ``migrate`` altogether.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Table = Mapping[str, Any]
"""What the survey says of an app: its label, path, and folder of migrations or None."""


@dataclass(frozen=True)
class Unmigrated:
    """Labels of apps, by what gives them tables."""

    made: tuple[str, ...] = ()
    """Their migrations have to be made first, in the copy."""
    synced: tuple[str, ...] = ()
    """``migrate --run-syncdb`` makes their tables."""


def unmigrated(
    tables: Iterable[Table], user: str | None, copy: Path, listed: Iterable[str]
) -> Unmigrated:
    """What is to be done before and with ``migrate``.

    ``user`` is the label of the user model's app, ``listed`` what the project itself put into
    the ``copy``. Either all apps of the project have their migrations made or none has: tables
    from ``--run-syncdb`` come after all migrations, so that no migration can refer to them.
    """
    committed = frozenset(listed)
    without = [table for table in tables if not _has_migrations(table, copy, committed)]
    own = [table for table in without if Path(table["path"]).is_relative_to(copy)]
    bare = [table["label"] for table in without if table["migrations"] is None]
    labels = [table["label"] for table in own]
    if user not in labels and not set(labels) - set(bare):
        return Unmigrated(synced=tuple(bare))
    return Unmigrated(tuple(labels), tuple(label for label in bare if label not in labels))


def untracked(labels: Iterable[str]) -> str:
    """How tables come to be that no migration makes."""
    return (
        f"{', '.join(labels)}: models without migrations, whose tables `migrate --run-syncdb` "
        "makes and nothing ever changes; `makemigrations` would keep track of them"
    )


def uncommitted(labels: Collection[str]) -> str:
    """What an image, which holds what is committed, will lack, and how to give it that."""
    return (
        f"{', '.join(labels)}: models without committed migrations, so that their tables are "
        f"missing; commit them: python manage.py makemigrations {' '.join(labels)}"
    )


def superseded(tables: Iterable[Table], copy: Path, listed: Iterable[str]) -> tuple[Path, ...]:
    """Migrations that an earlier run made in the copy, and that the project has of its own now."""
    committed = frozenset(listed)
    folders = [
        Path(table["migrations"])
        for table in tables
        if table["migrations"]
        and Path(table["migrations"]).is_relative_to(copy)
        and _has_migrations(table, copy, committed)
    ]
    found = (path for folder in folders for path in sorted(folder.glob("*.py")))
    return tuple(path for path in found if str(path.relative_to(copy)) not in committed)


def _has_migrations(table: Table, copy: Path, committed: frozenset[str]) -> bool:
    if table["migrations"] is None:
        return False
    folder = Path(table["migrations"])
    if not folder.is_relative_to(copy):
        return True  # a package brings it, as it was released
    prefix = "" if folder == copy else f"{folder.relative_to(copy)}/"
    names = (path.removeprefix(prefix) for path in committed if path.startswith(prefix))
    return any("/" not in n and n.endswith(".py") and n[0] not in "_~" for n in names)
