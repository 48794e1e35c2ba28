"""Migrations that hurt while two releases run side by side.

The migration runs first; the old release goes on serving until the last of its instances is gone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.sources.migrations import Operation
from nuages.checks.topics.migrations.newest import (
    Column,
    altered,
    field_name,
    operations,
    together,
)
from nuages.project.python_source import literal

_REFERENCE = "https://docs.djangoproject.com/en/stable/ref/migration-operations"
_FIELDS = "https://docs.djangoproject.com/en/stable/ref/models/fields"
_MIGRATION = """\
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0002_order_note")]
    operations = [{operation}]
"""
_GONE = ("RemoveField", "DeleteModel", "RenameField", "RenameModel", "AlterModelTable")
_SQL = re.compile(
    r"\b(drop\s+(?:table|column)|truncate|rename\s+(?:to|column)|alter\s+column\s+\S+\s+type)\b",
    re.I,
)
_TEXTS = {"CharField", "EmailField", "URLField", "SlugField", "FileField", "ImageField"}
_BLANK = {*_TEXTS, "TextField", "FilePathField"}
"""Fields whose column is filled with '' where nothing else is given."""
_NO_COLUMN = {"ManyToManyField", "GeneratedField", "AutoField", "BigAutoField", "SmallAutoField"}
_ALIKE = (
    _TEXTS | {"FilePathField"},
    {"IntegerField", "PositiveIntegerField", "AutoField"},
    {"BigIntegerField", "PositiveBigIntegerField", "BigAutoField"},
    {"SmallIntegerField", "PositiveSmallIntegerField", "SmallAutoField"},
    {"ForeignKey", "OneToOneField"},
    {"BooleanField", "NullBooleanField"},
)


def _example(operation: str) -> dict[str, str]:
    return {"orders/migrations/0003_more.py": _MIGRATION.format(operation=operation)}


def _added(options: str, kind: str = "IntegerField") -> dict[str, str]:
    return _example(f'migrations.AddField("order", "size", models.{kind}({options}))')


def _changed(field: str, name: str = "note") -> dict[str, str]:
    return _example(f'migrations.AlterField("order", "{name}", models.{field})')


@rule(
    "MIG001",
    severity="warning",
    title="A migration takes away what the running release reads",
    why="The migration runs before the new code serves. Until the last old instance is gone, "
    "each of its queries names a column that is not there any more.",
    symptom="django.db.utils.ProgrammingError: column orders_order.note does not exist, for as "
    "long as the release takes.",
    fix="In two releases: first stop reading it, and drop it with the next one.",
    url=f"{_REFERENCE}/#removefield",
    mistake=_example('migrations.RemoveField(model_name="order", name="note")'),
    fixed=_added("null=True"),
)
def taken_away(production: Production) -> Faults:
    yield from together(_taken(production), "The old release still uses what this takes away: {}")


def _taken(production: Production) -> Iterator[tuple[str, Operation]]:
    for _, operation in operations(production):
        said = taken(operation)
        if said:
            yield said, operation


def taken(operation: Operation) -> str:
    """What an operation takes away from code that was written before it; empty: nothing."""
    if operation.kind in _GONE:
        return f"{operation.kind} {field_name(operation)}"
    if operation.kind != "RunSQL":
        return ""
    found = _SQL.search(literal(operation.argument("sql", 0)) or "")
    return " ".join(found[1].upper().split()) if found else ""


def refused(operation: Operation) -> str:
    """A new column without which code that was written before cannot insert; else empty."""
    if operation.kind != "AddField" or operation.field is None:
        return ""
    column = Column(operation.field)
    filled = column.says("null") or column.says("db_default") or column.kind in _NO_COLUMN
    return "" if filled else f"NOT NULL {field_name(operation)}"


@rule(
    "MIG002",
    severity="error",
    title="A new column has no value for the rows that are there",
    why="The column may not be NULL and nothing says what the existing rows get. The migration "
    "fails as soon as the table has a row, which it has in production first.",
    symptom='IntegrityError: column "size" of relation "orders_order" contains null values.',
    fix="Give a `db_default`, or add it with `null=True`, fill it, and forbid NULL later.",
    url=f"{_REFERENCE}/#addfield",
    mistake=_added(""),
    fixed=_added("db_default=0"),
)
def no_value(production: Production) -> Faults:
    found = ((field_name(o), o) for o, column in _required(production) if not _filled(column))
    yield from together(found, "Rows that exist have no value for {}")


def _filled(column: Column) -> bool:
    """Whether Django has a value for the rows that exist."""
    said = any(column.says(name) for name in ("auto_now_add", "auto_now", "default"))
    return said or (column.true("blank") and column.kind in _BLANK)


def _required(production: Production) -> list[tuple[Operation, Column]]:
    """New columns that may not be NULL, and that the database does not fill by itself."""
    found = []
    for _, operation in operations(production):
        column = Column(operation.field) if operation.field else None
        if operation.kind == "AddField" and column and column.known:
            filled = column.says("null") or column.says("db_default")
            if not filled and column.kind not in _NO_COLUMN and column.plain:
                found.append((operation, column))
    return found


@rule(
    "MIG003",
    severity="warning",
    title="The old release cannot insert any more",
    why="`default` is Django's, not the database's: the column is NOT NULL, and an INSERT of the "
    "old release, which does not know it, gives it nothing. Each fails until the last old "
    "instance is gone, and again after a rollback.",
    symptom='IntegrityError: null value in column "size" violates not-null constraint, during '
    "releases only.",
    fix="Give the database the default too: `db_default=…` (Django 5.0 and later); before, add it "
    "with `null=True` and forbid NULL in the release after.",
    url=f"{_FIELDS}/#db-default",
    mistake=_added("default=0"),
    fixed=_added("default=0, db_default=0"),
)
def no_database_default(production: Production) -> Faults:
    found = ((field_name(o), o) for o, column in _required(production) if _filled(column))
    yield from together(found, "NOT NULL, and the old release gives no value: {}")


@rule(
    "MIG004",
    severity="warning",
    title="A column may suddenly not be NULL",
    why="The old release still writes NULL, and rows that have it already make the migration "
    "fail. On PostgreSQL the whole table is read under a lock to find out.",
    symptom='IntegrityError: column "note" contains null values.',
    fix="Fill the rows and stop writing NULL in one release; forbid it in the next.",
    url=f"{_REFERENCE}/#alterfield",
    mistake={
        **_example('migrations.AddField("order", "size", models.IntegerField(null=True)),'),
        "orders/migrations/0004_all.py": _MIGRATION.format(
            operation='migrations.AlterField("order", "size", models.IntegerField())'
        ).replace("0002_order_note", "0003_more"),
    },
    fixed=_example('migrations.AddField("order", "size", models.IntegerField(null=True))'),
)
def not_null(production: Production) -> Faults:
    found = (
        (field_name(operation), operation)
        for operation, before, after in altered(production)
        if before.true("null") and not after.says("null") and after.kind not in _NO_COLUMN
    )
    yield from together(found, "The old release may write NULL, which is forbidden now: {}")


@rule(
    "MIG005",
    severity="warning",
    title="A column changes its type",
    why="Every row is written anew under a lock that keeps out reads as well, and the old release "
    "goes on sending values of the old type.",
    symptom="The site stands still during the release: canceling statement due to lock timeout; "
    "then DataError or operator does not exist.",
    fix="Add a column of the new type, write both, copy, read the new one, and drop the old one "
    "with a later release.",
    url=f"{_REFERENCE}/#alterfield",
    mistake=_changed("IntegerField(default=0)"),
    fixed=_changed('CharField(default="", max_length=300)'),
)
def retyped(production: Production) -> Faults:
    found = (
        (f"{field_name(operation)} from {before.kind} to {after.kind}", operation)
        for operation, before, after in altered(production)
        if before.known and after.known and _rewrites(before.kind, after.kind)
    )
    yield from together(found, "A type changes: {}")


def _rewrites(before: str, after: str) -> bool:
    text = before in _BLANK and after == "TextField"
    return before != after and not text and not any({before, after} <= set(a) for a in _ALIKE)


@rule(
    "MIG006",
    severity="warning",
    title="A column becomes shorter",
    why="One row that is longer makes the migration fail, and the old release goes on writing "
    "long values.",
    symptom="DataError: value too long for type character varying(50).",
    fix="Shorten the values first, in a release of its own that also refuses longer ones.",
    url=f"{_FIELDS}/#django.db.models.CharField.max_length",
    mistake=_changed('CharField(default="", max_length=50)'),
    fixed=_changed('CharField(default="", max_length=300)'),
)
def shortened(production: Production) -> Faults:
    found = (
        (f"{field_name(operation)} from {before.length} to {after.length}", operation)
        for operation, before, after in altered(production)
        if before.length and after.length and after.length < before.length
    )
    yield from together(found, "A column becomes shorter: {}")
