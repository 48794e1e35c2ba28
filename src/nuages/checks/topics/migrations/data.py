"""Migrations that run code: whether they can go back, and whether they will still run."""

from __future__ import annotations

import ast

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.sources.migrations import Migration, Operation
from nuages.checks.topics.migrations.newest import newest
from nuages.project.python_source import last_name

_OPERATIONS = "https://docs.djangoproject.com/en/stable/ref/migration-operations"
_TOPIC = "https://docs.djangoproject.com/en/stable/topics/migrations"
_MIGRATION = """\
from django.db import migrations, models
{imports}

def fill(apps, schema_editor):
    {body}


class Migration(migrations.Migration):
    dependencies = [("orders", "0002_order_note")]
    operations = [{operations}]
"""
_GET = 'Order = apps.get_model("orders", "Order")\n    Order.objects.update(note="")'
_RUN = "migrations.RunPython(fill, migrations.RunPython.noop)"
_ADD = 'migrations.AddField("order", "size", models.IntegerField(null=True))'
_SCHEMA = frozenset(
    {"AddField", "AlterField", "RemoveField", "RenameField", "AddConstraint", "AddIndex"}
    | {"RemoveConstraint", "AlterUniqueTogether", "AlterIndexTogether", "DeleteModel"}
)


def _example(operations: str, body: str = _GET, imports: str = "") -> dict[str, str]:
    text = _MIGRATION.format(operations=operations, body=body, imports=imports)
    return {"orders/migrations/0003_fill.py": text}


@rule(
    "MIG012",
    severity="warning",
    title="A data migration cannot be taken back",
    why="RunPython without a reverse refuses to be unapplied. When the release must be rolled "
    "back, the database stays where it is, and the old code has to live with it.",
    symptom="django.db.migrations.exceptions.IrreversibleError: Operation <RunPython …> is not "
    "reversible.",
    fix="Give it a second function, or `migrations.RunPython.noop` where nothing has to be undone.",
    url=f"{_OPERATIONS}/#runpython",
    mistake=_example("migrations.RunPython(fill)"),
    fixed=_example(_RUN),
)
def no_reverse(production: Production) -> Faults:
    for operation in _newest(production, "RunPython"):
        name = last_name(operation.argument("code", 0) or ast.Constant("")) or "RunPython"
        if operation.argument("reverse_code", 1) is None and name != "noop":
            yield Fault(f"{name} has no reverse", operation.location)


def _newest(production: Production, kind: str) -> list[Operation]:
    found = [o for m in newest(production) for o in m.operations if o.kind == kind]
    return [o for o in found if all(k.arg is not None for k in o.call.keywords)]


@rule(
    "MIG013",
    severity="warning",
    title="SQL that cannot be taken back",
    why="RunSQL without `reverse_sql` refuses to be unapplied: no rollback past this migration.",
    symptom="django.db.migrations.exceptions.IrreversibleError: Operation <RunSQL …> is not "
    "reversible.",
    fix="Give `reverse_sql`, or `migrations.RunSQL.noop` where nothing has to be undone.",
    url=f"{_OPERATIONS}/#runsql",
    mistake=_example("migrations.RunSQL(\"UPDATE orders_order SET note = ''\")"),
    fixed=_example(
        "migrations.RunSQL(\"UPDATE orders_order SET note = ''\", migrations.RunSQL.noop)"
    ),
)
def no_reverse_sql(production: Production) -> Faults:
    for operation in _newest(production, "RunSQL"):
        if operation.argument("reverse_sql", 1) is None:
            yield Fault("RunSQL has no reverse_sql", operation.location)


@rule(
    "MIG014",
    severity="warning",
    title="A migration uses today's models",
    why="An imported model has the columns that the code has when the migration runs, not those "
    "that the table has then. With the next change of the model a fresh database, a test run or "
    "a late server fails here.",
    symptom="ProgrammingError: column orders_order.size does not exist, while migrating an empty "
    "database.",
    fix='`Order = apps.get_model("orders", "Order")` inside the function.',
    url=f"{_TOPIC}/#data-migrations",
    mistake=_example(_RUN, 'Order.objects.update(note="")', "\nfrom orders.models import Order\n"),
    fixed=_example(_RUN),
)
def models_of_today(production: Production) -> Faults:
    for migration in newest(production):
        own = _imported_models(production, migration)
        functions = migration.file.nodes(ast.FunctionDef)
        for node in (n for f in functions for n in ast.walk(f)):
            if isinstance(node, ast.Attribute) and node.attr in {"objects", "_default_manager"}:
                name = last_name(node.value)
                if isinstance(node.value, ast.Name) and name in own:
                    message = f"{name} is the model of today, from {own[name]}"
                    yield Fault(message, migration.file.at(node))


def _imported_models(production: Production, migration: Migration) -> dict[str, str]:
    """Names that are imported from models of the project's own."""
    found = {}
    for node in migration.file.nodes(ast.ImportFrom):
        module = node.module or ""
        relative = node.level > 0 and "models" in module
        if relative or ("models" in module.split(".") and production.sources.holds(module)):
            found.update({a.asname or a.name: "." * node.level + module for a in node.names})
    return found


@rule(
    "MIG015",
    severity="warning",
    title="Data and schema in one migration",
    why="Both are one transaction on PostgreSQL: the table is locked for as long as the data "
    "takes, and a change of its schema after rows were touched may be refused. On MySQL nothing "
    "is rolled back: a failure leaves half of it.",
    symptom='OperationalError: cannot ALTER TABLE "orders_order" because it has pending trigger '
    "events; lock timeouts during releases.",
    fix="Make two migrations of it: the schema first, then the data.",
    url=f"{_OPERATIONS}/#runpython",
    mistake=_example(f"{_ADD}, {_RUN}"),
    fixed=_example(_RUN),
)
def mixed(production: Production) -> Faults:
    for migration in newest(production):
        kinds = [operation.kind for operation in migration.operations]
        schema = next((kind for kind in kinds if kind in _SCHEMA), None)
        if migration.atomic and schema and "RunPython" in kinds:
            data = migration.operations[kinds.index("RunPython")]
            message = f"RunPython and {schema} are one transaction"
            yield Fault(message, data.location)
