"""Migrations that hurt while two releases run side by side.

Only the newest migration of each app is judged: the others have long been applied.
"""

from __future__ import annotations

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule

_MIGRATION = """\
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0002_order_note")]
    operations = [{operation}]
"""
_GONE = {
    "RemoveField": "drops a column",
    "DeleteModel": "drops a table",
    "RenameField": "renames a column",
    "RenameModel": "renames a table",
}


@rule(
    "MIG001",
    severity="warning",
    title="A migration takes away what the running release reads",
    why="The migration runs before the new code serves. Until the last old instance is gone, "
    "each of its queries names a column that is not there any more.",
    symptom="django.db.utils.ProgrammingError: column orders_order.note does not exist, for as "
    "long as the release takes.",
    fix="In two releases: first stop reading it, and drop it with the next one.",
    url="https://docs.djangoproject.com/en/stable/ref/migration-operations/#removefield",
    mistake={
        "orders/migrations/0003_drop.py": _MIGRATION.format(
            operation='migrations.RemoveField(model_name="order", name="note")'
        )
    },
    fixed={
        "orders/migrations/0003_drop.py": _MIGRATION.format(
            operation='migrations.AddIndex("order", models.Index(fields=["number"], name="n"))'
        )
    },
)
def taken_away(production: Production) -> Faults:
    for migration in production.migrations:
        for operation in migration.operations if migration.leaf else ():
            if operation.kind in _GONE:
                what = ".".join(filter(None, (operation.model, operation.text("name", 1))))
                message = f"{operation.kind} {_GONE[operation.kind]} that the old release uses"
                yield Fault(f"{message}: {what}" if what else message, operation.location)
