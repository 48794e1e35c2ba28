"""What the code and the migrations do not agree on, and what no migration should do."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.sources.migrations import Migration
from nuages.checks.topics.migrations.newest import installed
from nuages.checks.topics.migrations.state import fields
from nuages.project.python_source import keyword, last_name, literal, parent

_MODELS = """\
from django.conf import settings
from django.db import models


class Order(models.Model):
    number = models.PositiveIntegerField(unique=True)
    customer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    invoice = models.FileField(upload_to="invoices/", blank=True)
    note = models.CharField(max_length=200, blank=True, default="")
    created = models.DateTimeField(auto_now_add=True){more}
"""
_ADMIN = """\
from django.contrib.auth.hashers import make_password
from django.db import migrations


def admin(apps, schema_editor):
    apps.get_model("auth", "User").objects.{call}


class Migration(migrations.Migration):
    dependencies = [("orders", "0002_order_note")]
    operations = [migrations.RunPython(admin, migrations.RunPython.noop)]
"""
_RELATIONS = ("ForeignKey", "OneToOneField", "ManyToManyField")


@rule(
    "MIG022",
    severity="error",
    title="A model has a column that no migration makes",
    why="The code asks for the column in every query of the model, and no database but the one of "
    "whoever forgot to commit the migration has it.",
    symptom="ProgrammingError: column orders_order.weight does not exist; Your models in app(s) "
    "have changes that are not yet reflected in a migration.",
    fix="`python manage.py makemigrations`, and commit what it writes; let the pipeline run it "
    "with `--check`.",
    url="https://docs.djangoproject.com/en/stable/ref/django-admin/#cmdoption-makemigrations-check",
    mistake={"orders/models.py": _MODELS.format(more="\n    weight = models.IntegerField()")},
    fixed={"orders/models.py": _MODELS.format(more="")},
)
def unmade(production: Production) -> Faults:
    if "MIGRATION_MODULES" in production.settings:
        return
    apps: dict[str, list[Migration]] = {}
    for each in production.migrations:
        apps.setdefault(each.folder, []).append(each)
    for folder, app in apps.items():
        if installed(production, folder, certainly=True):
            yield from _unmade(production, parent(folder), fields(app) or {})


def _unmade(production: Production, folder: str, made: dict[str, set[str]]) -> Faults:
    paths = [p for p in production.code if p == f"{folder}/models.py"]
    paths += [p for p in production.code if p.startswith(f"{folder}/models/")]
    for path in paths if made else ():
        file = production.python(path)
        for model in (node for node in file.tree.body if isinstance(node, ast.ClassDef)):
            known = made.get(model.name.lower())
            if known is not None and _plain(model):
                for name, place in _columns(model):
                    if name not in known:
                        yield Fault(f"{model.name}.{name} is in no migration", file.at(place))


def _plain(model: ast.ClassDef) -> bool:
    """Whether its columns are made by migrations of this very app."""
    if not any(ast.unparse(base) == "models.Model" for base in model.bases):
        return False
    metas = [ast.unparse(n) for n in model.body if isinstance(n, ast.ClassDef) and n.name == "Meta"]
    return not re.search(r"abstract|managed|proxy|app_label", "".join(metas))


def _columns(model: ast.ClassDef) -> Iterator[tuple[str, ast.stmt]]:
    for node in model.body:
        value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
        if not isinstance(value, ast.Call) or not isinstance(value.func, ast.Attribute):
            continue
        ours = last_name(value.func.value) == "models"
        kind = value.func.attr
        if ours and (kind in _RELATIONS or kind.endswith("Field")):
            yield last_name(_target(node)), node


def _target(node: ast.stmt) -> ast.expr:
    if isinstance(node, ast.AnnAssign):
        return node.target
    return node.targets[0] if isinstance(node, ast.Assign) else ast.Constant("")


@rule(
    "MIG023",
    severity="error",
    title="A migration makes an administrator with a password from the code",
    why="The password is in the repository, and in every database that the migrations made: "
    "production, staging, and each one that somebody sets up later. It is never changed.",
    symptom="A log-in to the admin with a password that is on GitHub.",
    fix="Make the account once, by `createsuperuser` with DJANGO_SUPERUSER_PASSWORD from a secret.",
    url="https://docs.djangoproject.com/en/stable/ref/django-admin/#createsuperuser",
    mistake={
        "orders/migrations/0003_admin.py": _ADMIN.format(
            call='create(is_superuser=True, password=make_password("admin123"))'
        )
    },
    fixed={"orders/migrations/0003_admin.py": _ADMIN.format(call="filter(pk=1).count()")},
)
def administrator(production: Production) -> Faults:
    for migration in production.migrations:
        if "superuser" in migration.file.text and installed(production, migration.folder):
            for call in migration.file.nodes(ast.Call):
                if _superuser(call) and _written(call):
                    message = "An administrator whose password is in the code"
                    yield Fault(message, migration.file.at(call))


def _superuser(call: ast.Call) -> bool:
    flag = keyword(call, "is_superuser")
    said = isinstance(flag, ast.Constant) and flag.value is True
    return last_name(call.func) == "create_superuser" or said


def _written(call: ast.Call) -> bool:
    """Whether its password is a text."""
    given = keyword(call, "password")
    if given is None and last_name(call.func) == "create_superuser" and len(call.args) > 1:
        given = call.args[-1]
    if isinstance(given, ast.Call) and last_name(given.func) == "make_password" and given.args:
        given = given.args[0]
    return bool(literal(given))
