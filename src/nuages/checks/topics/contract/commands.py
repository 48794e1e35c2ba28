"""Management commands that take another settings module than the server."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.sources.compose import ComposeService
from nuages.checks.sources.shell import Command, commands
from nuages.checks.topics.contract.known import WORK
from nuages.checks.topics.contract.run_environment import environ, is_public, managed
from nuages.project.entry_points import VARIABLE, naming
from nuages.text import Location

_MATTERS = frozenset({"collectstatic", "compress", "migrate", "createcachetable"})
_MANAGE = """\
import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
from django.core.management import execute_from_command_line

execute_from_command_line(sys.argv)
"""
_DOCKERFILE = """\
FROM python:3.13-slim
ENV SECRET_KEY=build
COPY . .
RUN pip install -r requirements/production.txt
RUN {}python manage.py collectstatic --noinput
USER 2000
HEALTHCHECK CMD ["true"]
CMD ["gunicorn", "config.wsgi"]
"""


@rule(
    "CON020",
    severity="warning",
    title="A command of production takes the settings of development",
    why="manage.py names them where DJANGO_SETTINGS_MODULE is not set, and here it is not. Files "
    "are collected without the manifest that production looks into, or another database is "
    "migrated.",
    symptom="ValueError: Missing staticfiles manifest entry for 'css/base.css'; no such table, "
    "although the migration has run.",
    fix="Set DJANGO_SETTINGS_MODULE in the image, or name production's settings: `--settings=…`.",
    url="https://docs.djangoproject.com/en/stable/ref/django-admin/#cmdoption-settings",
    site="split",
    mistake={
        "manage.py": _MANAGE,
        "compose/production/django/Dockerfile": _DOCKERFILE.format(""),
    },
    fixed={
        "manage.py": _MANAGE,
        "compose/production/django/Dockerfile": _DOCKERFILE.format(
            "DJANGO_SETTINGS_MODULE=config.settings.production "
        ),
    },
)
def of_development(production: Production) -> Faults:
    path = production.project.manage_py
    named = naming(path.value, production.text(path.value)) if path else None
    ours = production.settings.evaluated.module
    if named is None or not named.module or named.module == ours:
        return
    if not WORK & set(re.split(r"[._]", named.module)):
        return
    for command, where in (*_in_images(production), *_in_compose(production)):
        message = f"{command.management} runs here with {named.module}, the server with {ours}"
        yield Fault(message, where, f"Set {VARIABLE}={ours} here, or write `--settings={ours}`.")


def _in_images(production: Production) -> Iterator[tuple[Command, Location]]:
    for file in production.dockerfiles:
        for instruction, command in managed(file):
            given = environ(file, instruction)
            unset = given is not None and VARIABLE not in given and is_public(file, instruction)
            if unset and _matters(command):
                yield command, instruction.location


def _in_compose(production: Production) -> Iterator[tuple[Command, Location]]:
    images = (each for file in production.dockerfiles for each in file.final)
    if any(name == VARIABLE for i in images if i.keyword == "ENV" for name, _ in i.pairs):
        return
    for compose in production.compose_files:
        for service in compose.services:
            if _is_told(service):
                continue
            for command in commands([(service.command, service.at("command"))]):
                if _matters(command):
                    yield command, service.at("command")


def _is_told(service: ComposeService) -> bool:
    """Whether something names the settings, or may: a file of variables."""
    named = VARIABLE in service.environment or service.yaml.get("env_file") is not None
    return named or service.yaml.get("build") is None


def _matters(command: Command) -> bool:
    return command.management in _MATTERS and "--settings" not in command.text
