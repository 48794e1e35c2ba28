"""Migrations that lock a table, or that fail on the rows that are in it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.sources.migrations import Operation
from nuages.checks.topics.migrations.newest import (
    Column,
    altered,
    field_name,
    installed,
    operations,
    together,
)
from nuages.project.python_source import keyword, last_name, literal

_REFERENCE = "https://docs.djangoproject.com/en/stable/ref/migration-operations"
_POSTGRES = "https://docs.djangoproject.com/en/stable/ref/contrib/postgres/operations"
_MIGRATION = """\
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    {atomic}dependencies = [("orders", "0002_order_note")]
    operations = [{operation}]
"""
_INDEX = '("order", models.Index(fields=["created"], name="by_day"))'
_UNIQUE = 'models.UniqueConstraint(fields=["customer", "note"], name="once")'
_CHECK = 'models.CheckConstraint(condition=models.Q(number__gt=0), name="counted")'
_CONCURRENT = ("AddIndexConcurrently", "RemoveIndexConcurrently")
_ALONE = re.compile(r"\b((?:create|drop|reindex)\b[^;]*?\bconcurrently|vacuum)\b", re.I)
"""Statements that PostgreSQL refuses inside a transaction."""
_BLOCKING = re.compile(r"\bcreate\s+(?:unique\s+)?index\s+(?!concurrently)", re.I)


def _example(operation: str, atomic: str = "") -> dict[str, str]:
    text = _MIGRATION.format(operation=operation, atomic=atomic)
    return {"orders/migrations/0003_more.py": text}


def _sql(operation: Operation) -> str:
    """The SQL of RunSQL, as far as it is spelled out."""
    node = operation.argument("sql", 0)
    parts = node.elts if isinstance(node, ast.List | ast.Tuple) else [node]
    return "; ".join(filter(None, map(literal, parts)))


def _postgres(production: Production) -> bool:
    database = production.deployment.database
    return database is not None and database.engine == "postgresql"


@rule(
    "MIG007",
    severity="warning",
    title="An index is built while nobody can write",
    why="CREATE INDEX keeps every write to the table waiting until it has read all of it: seconds "
    "for a small table, many minutes for a large one.",
    symptom="Requests that save hang during the release, and end with a timeout.",
    fix="`AddIndexConcurrently` from django.contrib.postgres.operations, in a migration of its own "
    "with `atomic = False`.",
    url=f"{_POSTGRES}/#concurrent-index-operations",
    mistake=_example(f"migrations.AddIndex{_INDEX}"),
    fixed=_example(f"AddIndexConcurrently{_INDEX}", "atomic = False\n    "),
)
def index(production: Production) -> Faults:
    if _postgres(production):
        yield from together(_built(production), "Built while all writes wait: {}")


def _built(production: Production) -> Iterator[tuple[str, Operation]]:
    for _, operation in operations(production):
        if operation.kind == "AddIndex" or _adds_together(operation, "index"):
            yield f"an index of {operation.model}", operation
        elif operation.kind == "RunSQL" and _BLOCKING.search(_sql(operation)):
            yield "CREATE INDEX", operation
    for operation, before, after in altered(production):
        if after.true("db_index") and not before.says("db_index") and not before.unique:
            yield f"an index of {field_name(operation)}", operation


def _adds_together(operation: Operation, what: str) -> bool:
    if operation.kind != f"Alter{what.capitalize()}Together":
        return False
    value = operation.argument(f"{what}_together", 1)
    if isinstance(value, ast.Call):
        return bool(value.args) and not _empty(value.args[0])
    return value is not None and not _empty(value)


def _empty(node: ast.expr) -> bool:
    blank = isinstance(node, ast.List | ast.Tuple | ast.Set) and not node.elts
    return blank or (isinstance(node, ast.Constant) and node.value is None)


@rule(
    "MIG008",
    severity="error",
    title="A concurrent index inside a transaction",
    why="PostgreSQL builds an index concurrently outside of transactions only, and a migration is "
    "one unless it says `atomic = False`: it fails before it has begun.",
    symptom="NotSupportedError: The AddIndexConcurrently operation cannot be executed inside a "
    "transaction (set atomic = False on the migration).",
    fix="Write `atomic = False` in the migration, and let it do nothing else.",
    url=f"{_POSTGRES}/#concurrent-index-operations",
    mistake=_example(f"AddIndexConcurrently{_INDEX}"),
    fixed=_example(f"AddIndexConcurrently{_INDEX}", "atomic = False\n    "),
)
def concurrently_atomic(production: Production) -> Faults:
    for migration in production.migrations:
        if not migration.atomic or not installed(production, migration.folder):
            continue
        for operation in migration.operations:
            if operation.kind in _CONCURRENT:
                message = f"{operation.kind}, and the migration is atomic"
                yield Fault(message, operation.location)
            elif operation.kind == "RunSQL" and _ALONE.search(_sql(operation)):
                message = "PostgreSQL refuses this statement in a transaction"
                yield Fault(message, operation.location)


@rule(
    "MIG009",
    severity="warning",
    title="Rows that exist must suddenly be unique",
    why="Two equal rows, and the migration fails in production and nowhere else. The index is "
    "built under a lock, and the old release goes on writing duplicates.",
    symptom='IntegrityError: could not create unique index "once".',
    fix="Look for duplicates and forbid them in the code first; on a large PostgreSQL table build "
    "the unique index concurrently and then attach it.",
    url=f"{_REFERENCE}/#addconstraint",
    mistake=_example(f'migrations.AddConstraint("order", {_UNIQUE})'),
    fixed=_example('migrations.AddField("order", "size", models.IntegerField(null=True))'),
)
def unique(production: Production) -> Faults:
    found = ((_what(operation), operation) for operation in _unique(production))
    yield from together(found, "Rows that exist must be unique: {}")


def _what(operation: Operation) -> str:
    return field_name(operation) if operation.kind == "AlterField" else operation.model


def _unique(production: Production) -> Iterator[Operation]:
    for migration, operation in operations(production):
        added = {o.text("name", 1) for o in migration.operations if o.kind == "AddField"}
        constraint = operation.argument("constraint", 1)
        call = constraint if isinstance(constraint, ast.Call) else None
        fields = keyword(call, "fields") if call else None
        names = {literal(each) or "" for each in getattr(fields, "elts", ())}
        if operation.kind == "AddConstraint" and call and not names & added:
            if last_name(call.func) == "UniqueConstraint":
                yield operation
        elif _adds_together(operation, "unique"):
            yield operation
    for operation, before, after in altered(production):
        if after.unique and not before.unique:
            yield operation


@rule(
    "MIG010",
    severity="error",
    title="A unique column gets one value for all rows",
    why="The default is computed once, and every existing row gets the same: with two rows the "
    "column cannot be unique. uuid4 is no exception.",
    symptom="IntegrityError: could not create unique index … Key (token)=(…) is duplicated.",
    fix="In three migrations: add it with `null=True`, fill each row, then make it unique.",
    url="https://docs.djangoproject.com/en/stable/howto/writing-migrations/"
    "#migrations-that-add-unique-fields",
    mistake=_example(
        'migrations.AddField("order", "token", models.CharField('
        'default="x", max_length=9, unique=True))'
    ),
    fixed=_example(
        'migrations.AddField("order", "token", models.CharField('
        "max_length=9, null=True, unique=True))"
    ),
)
def one_for_all(production: Production) -> Faults:
    for _, operation in operations(production):
        column = Column(operation.field) if operation.field else None
        if operation.kind == "AddField" and column and column.unique:
            default = keyword(column.call, "default") or keyword(column.call, "db_default")
            empty = isinstance(default, ast.Constant) and default.value is None
            if default is not None and not empty and not column.true("primary_key"):
                message = f"{field_name(operation)} is unique, and has one default"
                yield Fault(message, operation.location)


@rule(
    "MIG011",
    severity="warning",
    title="A check reads the whole table under a lock",
    why="PostgreSQL compares every row with the new constraint while nobody else can read or "
    "write the table; and one row that breaks it makes the migration fail.",
    symptom="The site stands still during the release; CheckViolation.",
    fix="`AddConstraintNotValid`, and `ValidateConstraint` in a migration after it.",
    url=f"{_POSTGRES}/#adding-constraints-without-enforcing-validation",
    mistake=_example(f'migrations.AddConstraint("order", {_CHECK})'),
    fixed=_example(f'AddConstraintNotValid("order", {_CHECK})'),
)
def check(production: Production) -> Faults:
    if _postgres(production):
        yield from together(_checks(production), "All rows are read under a lock: {}")


def _checks(production: Production) -> Iterator[tuple[str, Operation]]:
    for _, operation in operations(production):
        constraint = operation.argument("constraint", 1)
        kind = last_name(constraint.func) if isinstance(constraint, ast.Call) else ""
        if operation.kind == "AddConstraint" and kind in {"CheckConstraint", "ExclusionConstraint"}:
            yield f"{kind} of {operation.model}", operation
