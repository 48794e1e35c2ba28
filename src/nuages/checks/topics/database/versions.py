"""The version of the server: what this Django refuses, and what nobody mends any more."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TypeAlias

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.text import Location

Version: TypeAlias = tuple[int, ...]
Server: TypeAlias = tuple[str, Version, Location]
"""Kind, version and place of a server that is asked for."""
_IMAGE = re.compile(r"(?:^|/)(postgres|postgis|mysql|mariadb):(\d+(?:\.\d+)?)")
_KINDS = {"postgis": "postgresql", "postgres": "postgresql"}
_DO = re.compile(r"^\s*engine:\s*(PG|MYSQL)\s*$\s*version:\s*[\"']?(\d+)", re.MULTILINE)
_RENDER = re.compile(r"postgresMajorVersion:\s*[\"']?(\d+)")
_LEAST: dict[tuple[int, int], dict[str, Version]] = {
    (4, 1): {"postgresql": (11,), "mysql": (5, 7), "mariadb": (10, 3)},
    (4, 2): {"postgresql": (12,), "mysql": (8,), "mariadb": (10, 4)},
    (5, 0): {"postgresql": (12,), "mysql": (8, 0), "mariadb": (10, 4)},
    (5, 1): {"postgresql": (13,), "mysql": (8, 0), "mariadb": (10, 5)},
    (5, 2): {"postgresql": (14,), "mysql": (8, 0), "mariadb": (10, 5)},
    (6, 0): {"postgresql": (14,), "mysql": (8, 0), "mariadb": (10, 6)},
    (6, 1): {"postgresql": (15,), "mysql": (8, 4), "mariadb": (10, 11)},
}
"""``minimum_database_version`` of each Django; before 4.1 nothing is refused.

https://docs.djangoproject.com/en/stable/ref/databases/
"""
_ENDED: dict[str, tuple[Version, str]] = {
    "postgresql": ((14,), "November 2026"),
    "mysql": ((8, 0), "April 2026"),
    "mariadb": ((10, 6), "July 2026"),
}
"""The last version that ended, and when; those before it have ended too.

https://www.postgresql.org/support/versioning/, https://endoflife.date/mysql,
https://endoflife.date/mariadb
"""
_YAML = "domain: shop.example.com\ndatabase: {{version: '{}'}}\nenv_vars:\n" + (
    "  AWS_STORAGE_BUCKET_NAME: uploads\n"
)
_COMPOSE = 'services:\n  db:\n    image: postgres:{}\n    volumes: ["d:/var/lib/postgresql/data"]\n'


def _ours(production: Production) -> Iterator[Server]:
    """What nuages.yaml or a platform's own file asks for."""
    said = production.config.manifest(production.environment).database
    database = production.deployment.database
    if said and said.version and database:
        yield database.engine, _version(said.version), production.config_at("database", "version")
    yield from _of_platforms(production)


def _of_compose(production: Production) -> Iterator[Server]:
    for compose in production.compose_files:
        for service in compose.services:
            found = _IMAGE.search(service.image)
            if found:
                kind = _KINDS.get(found[1], found[1])
                yield kind, _version(found[2]), service.at("image")


def _of_platforms(production: Production) -> Iterator[Server]:
    for path in (".do/app.yaml", "render.yaml"):
        text = production.text(path)
        for found in _DO.finditer(text):
            kind = "postgresql" if found[1] == "PG" else "mysql"
            yield kind, _version(found[2]), _line(path, text, found.start(2))
        for found in _RENDER.finditer(text):
            yield "postgresql", _version(found[1]), _line(path, text, found.start(1))


def _line(path: str, text: str, at: int) -> Location:
    return Location(path, text.count("\n", 0, at) + 1, 1)


def _version(text: str) -> Version:
    return tuple(int(part) for part in re.findall(r"\d+", text)[:2])


def _written(version: Version) -> str:
    return ".".join(map(str, version))


@rule(
    "DB021",
    severity="error",
    title="This Django refuses the server's version",
    why="Django asks the server for its version at the first connection, and goes no further "
    "with one that is too old for it.",
    symptom="NotSupportedError: PostgreSQL 14 or later is required (found 12.22).",
    fix="Take a newer version of the server (dump and restore), or stay with an older Django.",
    url="https://docs.djangoproject.com/en/stable/ref/databases/#postgresql-notes",
    mistake={"compose.yaml": _COMPOSE.format("12")},
    fixed={"compose.yaml": _COMPOSE.format("17")},
)
def refused(production: Production) -> Faults:
    known = [django for django in _LEAST if production.django and django <= production.django]
    if not known or production.django is None:
        return
    for kind, version, where in (*_ours(production), *_of_compose(production)):
        least = _LEAST[max(known)].get(kind)
        if least and version and version < least[: len(version)]:
            django = _written(production.django)
            yield Fault(
                f"Django {django} wants {kind} {_written(least)}, and this is {_written(version)}",
                where,
            )


@rule(
    "DB022",
    severity="warning",
    title="The server's version has ended",
    why="Nobody mends its holes any more, and providers move it to a newer one on a day of their "
    "choosing, or bill extended support.",
    symptom="A mail from the provider about extended support; a CVE with no fix.",
    fix="Plan the step to a version that is supported, with a backup before it.",
    url="https://www.postgresql.org/support/versioning/",
    mistake={"nuages.yaml": _YAML.format("14")},
    fixed={"nuages.yaml": _YAML.format("17")},
)
def ended(production: Production) -> Faults:
    for kind, version, where in _ours(production):  # images: the rules of the container
        last, when = _ENDED.get(kind, ((), ""))
        if version and version[: len(last)] <= last:
            month = f" in {when}" if version[: len(last)] == last else f" before {when}"
            yield Fault(f"{kind} {_written(version)} has ended{month}", where)
