"""Whether Django finds the migrations at all, and an order to run them in."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.sources.migrations import Migration, label_of
from nuages.checks.topics.migrations.newest import installed
from nuages.project.python_source import joined, parent
from nuages.text import Location

_TOPIC = "https://docs.djangoproject.com/en/stable/topics/migrations"
_MIGRATION = """\
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("{app}", "{name}")]
    operations = []
"""
_MODEL = """\
from django.db import models


class Parcel(models.Model):
    weight = models.IntegerField(){meta}
"""
_UNMANAGED = "\n\n    class Meta:\n        managed = False"
_CLASH = "orders/migrations/0003_two.py"
_NUMBERED = re.compile(r"\d{4}_\w+\.py$")
_IGNORED = re.compile(r"^/?(?:\*\*/|\*/|[\w.-]+/)*(?:migrations/?(?:\*\*?(?:/\*)?)?(?:\*?\.py)?"
                      r"|0\*.*\.py|\*{0,2}/?migrations/0\*.*)$")  # fmt: skip
_MAKES = re.compile(r"\bmakemigrations\b(?!.*(?:--check|--dry-run))")


def _folders(production: Production) -> Iterator[list[Migration]]:
    """The migrations of each installed app."""
    found: dict[str, list[Migration]] = {}
    for each in production.migrations:
        found.setdefault(each.folder, []).append(each)
    for folder, app in found.items():
        if installed(production, folder, certainly=True):
            yield app


@rule(
    "MIG016",
    severity="error",
    title="Two migrations are the newest",
    why="Two branches each made a migration after the same one, and were merged. migrate does not "
    "choose an order: it stops, and with it the release.",
    symptom="CommandError: Conflicting migrations detected; multiple leaf nodes in the migration "
    "graph.",
    fix="`python manage.py makemigrations --merge`, or let one depend on the other.",
    url=f"{_TOPIC}/#version-control",
    mistake={
        "orders/migrations/0003_one.py": _MIGRATION.format(app="orders", name="0002_order_note"),
        _CLASH: _MIGRATION.format(app="orders", name="0002_order_note"),
    },
    fixed={
        "orders/migrations/0003_one.py": _MIGRATION.format(app="orders", name="0002_order_note"),
        _CLASH: _MIGRATION.format(app="orders", name="0003_one"),
    },
)
def conflict(production: Production) -> Faults:
    for app in _folders(production):
        leaves = [each for each in app if each.leaf]
        if len(leaves) > 1 and all(each.spelled_out for each in app):
            names = " and ".join(each.name for each in leaves)
            yield Fault(f"{names} are all the newest of {app[0].app}", _at(leaves[-1]))


def _at(migration: Migration) -> Location:
    found = migration.attribute("dependencies")
    return migration.file.at(found) if found else Location(migration.path, 1)


@rule(
    "MIG017",
    severity="error",
    title="A migration follows one that is not there",
    why="The migration it names was renamed, deleted or never committed. Django cannot build the "
    "graph, and every command that needs the database ends.",
    symptom="NodeNotFoundError: Migration … dependencies reference nonexistent parent node.",
    fix="Commit the migration that is missing, or name the one that took its place.",
    url=f"{_TOPIC}/#dependencies",
    mistake={_CLASH: _MIGRATION.format(app="orders", name="0002_note")},
    fixed={_CLASH: _MIGRATION.format(app="orders", name="0002_order_note")},
)
def missing(production: Production) -> Faults:
    labelled = [(label_of(app), app) for app in _folders(production)]
    labels = [label for label, _ in labelled]
    for label, app in labelled:
        known = {each.name for each in app} | {name for m in app for _, name in m.replaces}
        known |= {"__first__", "__latest__"}
        for each in app if labels.count(label) == 1 else ():
            for by, name in each.dependencies:
                if by == label and name not in known:
                    yield Fault(f"{name} of {label} does not exist", _at(each))


@rule(
    "MIG018",
    severity="error",
    title="A folder of migrations is not a package",
    why="Without an `__init__.py` Django takes the app for one without migrations, and says "
    "nothing: migrate has nothing to apply, and the tables are never made.",
    symptom="No migrations to apply; then ProgrammingError: relation does not exist.",
    fix="Commit an empty `__init__.py` in it.",
    url=f"{_TOPIC}/#migration-files",
    mistake={"orders/migrations/__init__.py": None},
    fixed={"orders/migrations/__init__.py": ""},
)
def no_package(production: Production) -> Faults:
    for app in _folders(production):
        path = joined(app[0].folder, "__init__.py")
        if path not in production.tree and any(_NUMBERED.search(each.path) for each in app):
            message = f"{app[0].folder} has no __init__.py: its {len(app)} migrations are not seen"
            yield Fault(message, Location(app[0].path, 1))


@rule(
    "MIG019",
    severity="error",
    title="An app has models and no migrations",
    why="migrate makes tables for what has migrations only. The models work on the machine where "
    "migrations were made and not committed, and nowhere else.",
    symptom='ProgrammingError: relation "orders_parcel" does not exist; no such table.',
    fix="`python manage.py makemigrations`, and commit what it writes.",
    url=f"{_TOPIC}/#adding-migrations-to-apps",
    mistake={
        "orders/migrations/__init__.py": None,
        "orders/migrations/0001_initial.py": None,
        "orders/migrations/0002_order_note.py": None,
    },
    fixed={"orders/models.py": _MODEL.format(meta=_UNMANAGED)},
)
def no_migrations(production: Production) -> Faults:
    if "MIGRATION_MODULES" in production.settings:
        return
    found = list(_without(production))
    if found:
        path, model = found[0]
        others = len({parent(path) for path, _ in found}) - 1
        more = f", nor have {others} more apps" if others else ""
        message = f"{model.name} has no table: {parent(path)} has no migrations{more}"
        yield Fault(message, production.python(path).at(model))


def _without(production: Production) -> Iterator[tuple[str, ast.ClassDef]]:
    """Models of installed apps that have no migration."""
    for path in production.code:
        app = re.sub(r"/models(?:\.py|/\w+\.py)$", "", path)
        folder = joined(app, "migrations")
        bare = app != path and not _has_python(production, folder)
        if bare and installed(production, folder, certainly=True):
            yield from ((path, model) for model in _tables(production, path))


def _has_python(production: Production, folder: str) -> bool:
    """Whether there is a migration, in whichever way it is written."""
    prefix = f"{folder}/"
    inside = (p for p in production.tree.files if p.startswith(prefix))
    return any(p.endswith(".py") and not p.endswith("__init__.py") for p in inside)


def _tables(production: Production, path: str) -> Iterator[ast.ClassDef]:
    """Models of a file that have a table of their own."""
    for node in production.python(path).nodes(ast.ClassDef):
        plain = any(ast.unparse(base) == "models.Model" for base in node.bases)
        metas = [n for n in node.body if isinstance(n, ast.ClassDef) and n.name == "Meta"]
        text = "".join(ast.unparse(meta) for meta in metas)
        if plain and not re.search(r"abstract = True|managed = |proxy = ", text):
            yield node


@rule(
    "MIG020",
    severity="error",
    title="Migrations are kept out of the release",
    why="What is ignored is neither committed nor copied: each machine makes migrations of its "
    "own, which contradict one another, or has none.",
    symptom="relation does not exist after a deployment; InconsistentMigrationHistory; a "
    "migration that is applied and that nobody has.",
    fix="Take the line out, and commit the migrations.",
    url=f"{_TOPIC}/#version-control",
    mistake={".gitignore": "*.pyc\n**/migrations/*.py\n!**/migrations/__init__.py\n"},
    fixed={".gitignore": "*.pyc\n"},
)
def ignored(production: Production) -> Faults:
    if "MIGRATION_MODULES" in production.settings:
        return
    for path in (p for name in (".gitignore", ".dockerignore") if (p := production.near(name))):
        for line in production.lines(path).lines:
            if _IGNORED.match(line.text):
                yield Fault(f"{line.text} keeps migrations out", line.location)


@rule(
    "MIG021",
    severity="error",
    title="Migrations are made in production",
    why="makemigrations writes files into a container that is thrown away, while migrate writes "
    "into the database that they were applied. The next container makes others under the same "
    "names, and nobody can tell any more what the tables are.",
    symptom="InconsistentMigrationHistory; column already exists; models that have changes that "
    "are not reflected in a migration.",
    fix="Make and commit migrations with the code; production only runs `migrate`.",
    url=f"{_TOPIC}/#workflow",
    mistake={"Procfile": "release: python manage.py makemigrations && python manage.py migrate\n"},
    fixed={"Procfile": "release: python manage.py migrate --noinput\n"},
)
def made_in_production(production: Production) -> Faults:
    for command, where in _commands(production):
        if _MAKES.search(command):
            yield Fault("makemigrations is run when the site is released or started", where)


def _commands(production: Production) -> Iterator[tuple[str, Location]]:
    """Whatever is run when the image is built, released or started."""
    yield from production.commands
    for file in production.dockerfiles:
        yield from ((i.text, i.location) for i in file.final if i.keyword == "RUN")
    for service in production.deployment.services:
        where = production.config_at("services", service.name)
        yield " ".join(service.command), where


@rule(
    "MIG024",
    severity="error",
    title="Each release pretends to migrate",
    why="`migrate --fake` writes down that migrations were applied, and applies none. In a command "
    "that runs each time, the next column is never made, and never will be.",
    symptom="ProgrammingError: column does not exist, while showmigrations says [X].",
    fix="Take `--fake` out of the command; use it once, by hand, where a table was made otherwise.",
    url="https://docs.djangoproject.com/en/stable/ref/django-admin/#cmdoption-migrate-fake",
    mistake={"Procfile": "release: python manage.py migrate --fake\n"},
    fixed={"Procfile": "release: python manage.py migrate --noinput\n"},
)
def faked(production: Production) -> Faults:
    for command, where in _commands(production):
        if re.search(r"\bmigrate\b[^;&|]*\s--fake(?![\w-])", command):
            yield Fault("migrate --fake is run when the site is released or started", where)
