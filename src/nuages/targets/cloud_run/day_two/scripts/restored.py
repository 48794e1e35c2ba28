"""Read a database that was restored with the site's own code: its system checks, migrations, rows.

NUAGES_OLD_HOST and NUAGES_NEW_HOST lead the site's own variables to another server, where both
are there. Ends with 1 where the database cannot be used by this code.
"""

import os
import sys


def led_elsewhere(variables, old, new):
    """The variables that name the old server, with the new one in its place."""
    found = {name: value for name, value in variables.items() if old and old in value}
    return {name: value.replace(old, new) for name, value in found.items()}


def missing_migrations():
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return [str(each) for each, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]


def rows():
    """Every model that has a table of its own, and how many rows that has; None: no table."""
    from django.apps import apps
    from django.db import connection

    tables = set(connection.introspection.table_names())
    models = (m for m in apps.get_models() if m._meta.managed and not m._meta.proxy)
    models = [m for m in models if not m._meta.swapped]
    there = {m._meta.label: m._meta.db_table in tables for m in models}
    counted = (m._base_manager.count() if there[m._meta.label] else None for m in models)
    return dict(zip(there, counted))


def main():
    new = os.environ.get("NUAGES_NEW_HOST", "")
    os.environ.update(led_elsewhere(os.environ, os.environ.get("NUAGES_OLD_HOST", ""), new))
    import django
    from django.core.management import call_command

    django.setup()
    call_command("check", databases=["default"])
    missing, found = missing_migrations(), rows()
    for each in missing:
        print("Not applied in it:", each)
    counts = {label: count for label, count in found.items() if count is not None}
    for label, count in sorted(counts.items(), key=lambda item: -item[1])[:10]:
        print(f"{count:10d}  {label}")
    print(f"{len(counts)} tables, {sum(counts.values())} rows")
    without = sorted(set(found) - set(counts))
    if without and not missing:
        sys.exit("No table for: " + ", ".join(without))


if __name__ == "__main__":
    main()
