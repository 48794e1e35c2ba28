"""What a container does before it serves: at every start, and on every instance at once."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.sources.shell import Command
from nuages.checks.sources.starting import Start, by_default

_IMAGE = 'FROM python:3.13-slim\nRUN pip list\nUSER 2000\nENTRYPOINT ["./entrypoint.sh"]\n{}'
_WEB = 'CMD ["gunicorn", "shop.wsgi"]\n'
_HEAD = "#!/bin/sh\nset -e\n"
_WAITS = re.compile(r"^(?:not )?(?:until\b|while\s+!)(?!\s*(?:true|:|read)\b)")
_BOUND = re.compile(
    r"(?<![\w-])timeout \d|attempt|retr(?:y|ies)|tries|count|max_|-[lg][te]\b|\(\(|SECONDS",
    re.IGNORECASE,
)


def _both(script: str) -> dict[str, str | None]:
    return {"Dockerfile": _IMAGE.format(_WEB), "entrypoint.sh": f'{_HEAD}{script}exec "$@"\n'}


def _run(production: Production, *names: str) -> Iterator[tuple[Start, Command]]:
    """The management commands that a lasting process runs first, unless it is told not to."""
    for start in production.starts:
        for command in start.commands if start.lasting else ():
            if command.management in names and by_default(command):
                yield start, command


@rule(
    "IMG011",
    severity="warning",
    title="Every start applies the migrations",
    why="Two instances that start together run them together: one fails on what the other has "
    "done, or both wait for a lock. A container that restarts in the night migrates, a long "
    "migration is killed by the probe half way, and a rolling release changes the tables below "
    "the old code.",
    symptom="relation already exists; deadlock detected; a start that never ends at a release.",
    fix="Run `manage.py migrate` once per release, in a job of its own, before the new containers "
    "start; or on a variable that one container has.",
    url="https://docs.djangoproject.com/en/stable/topics/migrations/",
    mistake=_both("python manage.py migrate --noinput\n"),
    fixed=_both('if [ "$MIGRATE" = 1 ]; then\n  python manage.py migrate --noinput\nfi\n'),
)
def migrates(production: Production) -> Faults:
    for _, command in _run(production, "migrate", "migrate_schemas"):
        if not {"--check", "--plan"} & set(command.words):
            yield Fault("The migrations are applied by whatever starts", command.location)


@rule(
    "IMG016",
    severity="error",
    title="Every start makes migrations",
    why="makemigrations writes a file that is in no repository and gone with the container. Each "
    "instance invents its own, and the next release does not know the tables that it finds.",
    symptom="InconsistentMigrationHistory; column already exists; a table that no migration makes.",
    fix="Make migrations where you write the code, and commit them.",
    url="https://docs.djangoproject.com/en/stable/topics/migrations/#version-control",
    mistake=_both("python manage.py makemigrations --noinput\n"),
    fixed=_both("python manage.py makemigrations --check\n"),
)
def makes_migrations(production: Production) -> Faults:
    for _, command in _run(production, "makemigrations"):
        if not {"--check", "--dry-run"} & set(command.words):
            yield Fault("makemigrations runs in the container", command.location)


@rule(
    "IMG017",
    severity="warning",
    title="Every start makes a superuser",
    why="The container of the site needs the administrator's password for it, in its environment "
    "and for good. Without one the account cannot log in, and at the second start the command "
    "fails, which ends a script with `set -e`.",
    symptom="CommandError: Error: That username is already taken; a restart loop.",
    fix="Make it once, in a job of its own: `createsuperuser --noinput` with "
    "DJANGO_SUPERUSER_PASSWORD there only.",
    url="https://docs.djangoproject.com/en/stable/ref/django-admin/#createsuperuser",
    mistake=_both("python manage.py createsuperuser --noinput\n"),
    fixed=_both(""),
)
def superuser(production: Production) -> Faults:
    for _, command in _run(production, "createsuperuser"):
        yield Fault("createsuperuser runs at every start", command.location)


@rule(
    "IMG018",
    severity="error",
    title="Every start empties or overwrites data",
    why="flush deletes every row of every table. It comes from a tutorial's entry point for "
    "development, and runs whenever a container starts.",
    symptom="An empty database after a restart.",
    fix="Remove the line.",
    url="https://docs.djangoproject.com/en/stable/ref/django-admin/#flush",
    mistake=_both("python manage.py flush --no-input\n"),
    fixed=_both(""),
)
def flushes(production: Production) -> Faults:
    for _, command in _run(production, "flush", "reset_db", "sqlflush"):
        yield Fault(f"{command.management} runs at every start", command.location)


@rule(
    "IMG019",
    severity="warning",
    title="The start waits for ever",
    why="Where the database does not come, the loop neither ends nor says why: the platform sees a "
    "container that starts, the release hangs, and a smoke test of the image never finishes.",
    symptom="A release that is stuck at “waiting for postgres”.",
    fix="Give up after a while: `timeout 60 sh -c 'until pg_isready; do sleep 1; done'`.",
    url="https://docs.docker.com/compose/how-tos/startup-order/",
    mistake=_both("until pg_isready; do\n  sleep 1\ndone\n"),
    fixed=_both("timeout 60 sh -c 'until pg_isready; do sleep 1; done'\n"),
)
def waits(production: Production) -> Faults:
    for start in production.starts:
        for command in start.commands:
            loop = next((guard for guard in command.guards if _WAITS.search(guard)), None)
            endless = loop and not _BOUND.search(loop) and not _bounded(production, command)
            if endless and command.program == "sleep":
                yield Fault(f"{loop} has no end", command.location)


def _bounded(production: Production, command: Command) -> bool:
    """Whether the script counts, or a `timeout` stands before it."""
    lines = production.lines(command.location.path).lines
    scripted = not command.location.path.endswith((".yml", ".yaml"))
    near = [line for line in lines if scripted or line.location.line == command.location.line]
    return any(_BOUND.search(line.text) for line in near)


@rule(
    "IMG020",
    severity="warning",
    title="Several processes share a container, and nobody watches them",
    why="What is started with `&` may die unnoticed: the container goes on with a site that sends "
    "no mail, or a worker that nobody replaces. It does not get SIGTERM either.",
    symptom="Tasks that wait for hours while every container is healthy.",
    fix="Give each process a service of its own, from the same image.",
    url="https://docs.docker.com/engine/containers/multi-service_container/",
    mistake=_both("celery -A shop worker &\n"),
    fixed=_both(""),
)
def background(production: Production) -> Faults:
    for start in production.starts:
        for command in start.commands:
            server = command.program in {"celery", "gunicorn", "uvicorn", "daphne", "uwsgi"}
            server = server or command.management in {"qcluster", "rqworker", "run_huey"}
            if server and command.background and not _watches(start):
                yield Fault(f"{command.program} runs in the background", command.location)


def _watches(start: Start) -> bool:
    """``wait -n`` ends the script when one of them ends."""
    return any(command.text.startswith("wait -n") for command in start.commands)
