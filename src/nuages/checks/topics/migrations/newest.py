"""Which migrations are judged: those that have hardly been released yet.

A migration that was applied everywhere years ago cannot hurt any more, and must not be changed.
Without a clock or a history, the text has to say which those are: of each app only the newest
migration is judged, unless it creates the app's tables; was made long before the newest one of
the project; or by an older Django than the project's.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults
from nuages.checks.sources.migrations import Migration, Operation
from nuages.project.python_source import joined, keyword, last_name, literal, parent

RELEASED = timedelta(days=120)
"""A migration so much older than the newest one has been released."""
SHOWN = 3
"""Names in a message."""


def newest(production: Production) -> Iterator[Migration]:
    """The newest migration of each app, where it may be waiting for its release."""
    days: dict[str, date] = {}
    for each in production.migrations:
        if each.day:
            days[each.folder] = max(each.day, days.get(each.folder, each.day))
    limit = max(days.values()) - RELEASED if days else None
    for each in production.migrations:
        day = each.day or days.get(each.folder)
        old = limit is not None and (day is None or day < limit)
        first = each.initial or each.name.startswith("0001_")
        if old or first or not each.leaf or _upgraded(production, each):
            continue
        if installed(production, each.folder):
            yield each


def _upgraded(production: Production, migration: Migration) -> bool:
    """Whether the project has gone to a newer Django since."""
    now = production.django
    return now is not None and migration.django is not None and migration.django < now


def operations(production: Production) -> Iterator[tuple[Migration, Operation]]:
    """What the newest migrations do to tables that are older than they."""
    for migration in newest(production):
        fresh = {o.text("name", 0).lower() for o in migration.operations if o.kind == "CreateModel"}
        fresh |= _unmanaged(production, migration)
        for operation in migration.operations:
            if not operation.model or operation.model.lower() not in fresh:
                yield migration, operation


def _unmanaged(production: Production, migration: Migration) -> set[str]:
    """The app's models whose tables somebody else makes."""
    found = set()
    for each in production.migrations:
        if each.folder != migration.folder or "managed" not in each.file.text:
            continue
        for operation in each.operations:
            options = operation.argument("options", 2)
            if options is not None and "'managed': False" in ast.unparse(options):
                found.add(operation.text("name", 0).lower())
    return found


def together(found: Iterable[tuple[str, Operation]], message: str) -> Faults:
    """One fault for each migration, at its first operation; ``{}`` of the message is what of."""
    files: dict[str, list[tuple[str, Operation]]] = {}
    for name, operation in found:
        files.setdefault(operation.location.path, []).append((name, operation))
    for each in files.values():
        names = list(dict.fromkeys(name for name, _ in each))
        more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
        shown = ", ".join(names[:SHOWN]) + more
        yield Fault(message.format(shown), each[0][1].location)


def field_name(operation: Operation) -> str:
    """``order.note``; the model alone where it is about no field."""
    field = operation.text("old_name", 1) or operation.text("name", 1)
    if operation.kind in {"DeleteModel", "RenameModel", "AlterModelTable"}:
        return operation.text("name", 0) or operation.text("old_name", 0)
    return ".".join(filter(None, (operation.model, field)))


def installed(production: Production, folder: str, *, certainly: bool = False) -> bool:
    """Whether the app of a folder of migrations is among INSTALLED_APPS; or may be."""
    settings = production.settings
    module = production.sources.module(joined(parent(folder), "__init__.py")) or ""
    listed = settings.texts("INSTALLED_APPS")
    found = any(app == module or app.startswith(f"{module}.") for app in listed)
    return found or (not certainly and not settings.complete("INSTALLED_APPS"))


@dataclass(frozen=True)
class Column:
    """A field as a migration spells it."""

    call: ast.Call

    @property
    def kind(self) -> str:
        return last_name(self.call.func)

    @property
    def known(self) -> bool:
        """Whether it is a field of Django's."""
        func = self.call.func
        return isinstance(func, ast.Attribute) and last_name(func.value) == "models"

    @property
    def plain(self) -> bool:
        """Whether all its options are spelled out."""
        return all(option.arg is not None for option in self.call.keywords)

    def says(self, name: str) -> bool:
        """Whether an option is given."""
        return keyword(self.call, name) is not None

    def true(self, name: str) -> bool:
        """Whether an option is certainly True."""
        value = keyword(self.call, name)
        return isinstance(value, ast.Constant) and value.value is True

    @property
    def unique(self) -> bool:
        return self.true("unique") or self.kind == "OneToOneField" or self.true("primary_key")

    @property
    def length(self) -> int | None:
        value = keyword(self.call, "max_length")
        number = value.value if isinstance(value, ast.Constant) else None
        return number if isinstance(number, int) else None


def altered(production: Production) -> Iterator[tuple[Operation, Column, Column]]:
    """Fields that the newest migrations change: the operation, the field before and after."""
    for migration, operation in operations(production):
        if operation.kind == "AlterField" and operation.field is not None:
            before = _before(production, migration, operation)
            if before is not None:
                yield operation, Column(before), Column(operation.field)


def _before(production: Production, migration: Migration, operation: Operation) -> ast.Call | None:
    """How the app's earlier migrations left a field; None where that is not certain."""
    key = (operation.model.lower(), operation.text("name", 1))
    found: dict[tuple[str, str], ast.Call] = {}
    for each in production.migrations:
        if each.folder == migration.folder and each.name < migration.name:
            for earlier in each.operations:
                _replay(found, earlier)
    return found.get(key)


def _replay(found: dict[tuple[str, str], ast.Call], operation: Operation) -> None:
    model, name = operation.model.lower(), operation.text("name", 1)
    if operation.kind == "CreateModel":
        fields = operation.argument("fields", 1)
        for pair in fields.elts if isinstance(fields, ast.List | ast.Tuple) else ():
            parts = pair.elts if isinstance(pair, ast.Tuple) else []
            if len(parts) == 2 and isinstance(parts[1], ast.Call):
                found[model, literal(parts[0]) or ""] = parts[1]
    elif operation.kind in {"AddField", "AlterField"} and operation.field is not None:
        found[model, name] = operation.field
    elif operation.kind in {"RemoveField", "RenameField"}:
        moved = found.pop((model, operation.text("old_name", 1) or name), None)
        if moved is not None and operation.kind == "RenameField":
            found[model, operation.text("new_name", 2)] = moved
    elif operation.kind in {"RenameModel", "DeleteModel"}:
        gone = operation.text("old_name", 0).lower() or model
        into = operation.text("new_name", 1).lower()
        for old, field in [k for k in found if k[0] == gone]:
            call = found.pop((old, field))
            if into:
                found[into, field] = call
