"""Whether anything runs the migrations, where the project is deployed by its own files."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nuages.checks.finding import Fault
from nuages.checks.places import for_production
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule

_MIGRATES = re.compile(r"(?<![\w./-])migrate(?:_schemas)?(?![\w./-])")
_READ = re.compile(
    r"(?:^|/)(?:[\w.-]+\.(?:ya?ml|toml|sh|bash|conf|cfg|ini|tf|hcl)|app\.json|railway\.json|package\.json"
    r"|Procfile|Makefile|[Jj]ustfile|Dockerfile[\w.-]*|[\w-]+)$"
)
_DEEPEST = 5
"""Folders below which nobody keeps the files of a deployment."""


@rule(
    "MIG025",
    severity="warning",
    title="Nothing runs the migrations",
    why="The site is started, and no command of the deployment makes or changes its tables. It "
    "works where somebody remembers to migrate by hand, after the new code already serves.",
    symptom="relation does not exist at the first request; column does not exist after a release.",
    fix="Run `python manage.py migrate --noinput` once per release, before the new code serves: "
    "`release:` of a Procfile, `release_command` of fly.toml, a job; `nuages deploy` does.",
    url="https://docs.djangoproject.com/en/stable/howto/deployment/",
    mistake={"nuages.yaml": None, "compose.yaml": None},
    fixed={"compose.yaml": None},
)
def never_run(production: Production) -> Faults:
    servers = production.servers
    if not servers or production.near("nuages.yaml", "infera.yaml") or not _has_tables(production):
        return
    if any(True for _ in production.mentioning('"migrate"', "'migrate'")):
        return
    if not any(_MIGRATES.search(line) for line in _lines(production)):
        message = "The site is started here, and nothing runs its migrations"
        yield Fault(message, servers[-1].location)


def _has_tables(production: Production) -> bool:
    apps = ("django.contrib.auth", "django.contrib.sessions", "django.contrib.contenttypes")
    return bool(production.project.databases) and (
        bool(production.migrations) or production.settings.has_app(*apps)
    )


def _lines(production: Production) -> Iterator[str]:
    """Lines of files that a deployment may run; comments, and what is for development, left out."""
    paths = [p for p in production.files if p.count("/") <= _DEEPEST and _READ.search(p)]
    for path in (p for p in paths if for_production([p])):
        for line in production.text(path).splitlines():
            if not line.lstrip().startswith(("#", "//")) and "local" not in line:
                yield line
