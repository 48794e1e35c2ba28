"""Prints, as one line of JSON, what Django and the migration linter say of the project."""

import inspect
import io
import json
import os
import sys

sys.path.pop(0)  # this folder, whose names the project may use
sys.path.insert(0, os.getcwd())
ROOT = os.path.realpath(sys.argv[2])
problems = []


def relative(path):
    path = os.path.realpath(path)
    return os.path.relpath(path, ROOT) if path.startswith(ROOT + os.sep) else None


def place(thing):
    kind = thing if isinstance(thing, type) else getattr(thing, "model", None)
    try:
        return relative(inspect.getsourcefile(kind)), inspect.getsourcelines(kind)[1]
    except Exception:
        return None, 0


def checks():
    from django.core.checks import run_checks

    found = []
    for message in run_checks(include_deployment_checks=True):
        if message.is_silenced():
            continue
        path, line = place(message.obj)
        found.append(
            {
                "id": message.id or "",
                "level": message.level,
                "message": str(message.msg),
                "hint": str(message.hint or ""),
                "path": path,
                "line": line,
            }
        )
    return found


def changes():
    """What makemigrations would write."""
    from django.core.management import call_command

    out = io.StringIO()
    try:
        call_command(
            "makemigrations", check_changes=True, dry_run=True, interactive=False, stdout=out
        )
    except SystemExit:
        return out.getvalue().splitlines() or ["- a change that makemigrations asks about"]
    return []


def lint():
    """The newest migration of each of the project's own apps."""
    from django.apps import apps
    from django_migration_linter import MigrationLinter

    class Collected(MigrationLinter):
        def print_linting_msg(self, app_label, migration_name, *_):
            self.here = app_label, migration_name

        def print_errors(self, errors):
            self.kept(errors, "error")

        def print_warnings(self, warnings):
            self.kept(warnings, "warning")

        def kept(self, issues, level):
            app, name = self.here
            module = sys.modules[self.migration_loader.disk_migrations[self.here].__module__]
            for issue in issues:
                where = [part for part in (issue.table, issue.column) if part]
                found.append(
                    {
                        "app": app,
                        "name": name,
                        "level": level,
                        "code": issue.code,
                        "message": issue.message + (" (%s)" % ".".join(where) if where else ""),
                        "path": relative(module.__file__),
                    }
                )

    found = []
    linter = Collected(no_cache=True, ignore_initial_migrations=True)
    own = {config.label for config in apps.get_app_configs() if relative(config.path)}
    for key in linter.migration_loader.graph.leaf_nodes():
        if key[0] in own:
            linter.lint_migration(linter.migration_loader.disk_migrations[key])
    return found


def attempt(function):
    try:
        return function()
    except Exception as error:
        problems.append("%s: %s: %s" % (function.__name__, type(error).__name__, error))
        return []


if os.environ.get("DJANGO_CONFIGURATION"):
    import configurations

    configurations.setup()
else:
    import django

    django.setup()
answer = {"checks": attempt(checks), "changes": attempt(changes), "lint": attempt(lint)}
answer["problems"] = problems
print("NUAGES-INSPECTION " + json.dumps(answer))
