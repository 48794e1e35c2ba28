"""The budget of connections: instances × processes × threads against what the database admits."""

from __future__ import annotations

import re

from nuages.checks import capacity
from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.sources.compose import ComposeFile, ComposeService
from nuages.checks.sources.server_command import ServerCommand, server_commands
from nuages.config.server import CONNECTIONS, RESERVED
from nuages.text import Location

_YAML = """\
domain: shop.example.com
deployment:
  scaling:
    max_instances: {instances}
server:
  workers: 2
  threads: 4
database:
  max_connections: 100
env_vars:
  AWS_STORAGE_BUCKET_NAME: uploads
"""
_COMPOSE = """\
services:
  web:
    build: .
    command: gunicorn shop.wsgi --workers {} --threads 8
    deploy: {{replicas: 4}}
  db:
    image: postgres:17
    volumes: ["data:/var/lib/postgresql/data"]
"""
_POOL = 4
"""``min_size`` of psycopg_pool, which is also the largest unless ``max_size`` is said.

https://www.psycopg.org/psycopg3/docs/api/pool.html#psycopg_pool.ConnectionPool
"""
_URL = "https://www.postgresql.org/docs/current/runtime-config-connection.html"
_SAID = re.compile(r"max[_-]connections[= \"',]+(\d+)")
_STORES = {"postgresql": re.compile(r"postgres|postgis"), "mysql": re.compile(r"mysql|mariadb")}


@rule(
    "SCA001",
    severity="error",
    title="More connections than the database admits",
    why="Each thread of each process of each instance keeps a connection. Under the load that "
    "starts the last instances, requests end with an error instead of being slow.",
    symptom="FATAL: remaining connection slots are reserved; FATAL: sorry, too many clients "
    "already; (1040, 'Too many connections').",
    fix="Lower `max_instances`, `workers` or `threads`, put a pooler in between, or take a larger "
    "database.",
    url=_URL,
    mistake={"nuages.yaml": _YAML.format(instances=20)},
    fixed={"nuages.yaml": _YAML.format(instances=10)},
)
def connections(production: Production) -> Faults:
    budget = capacity.connections(production.deployment, _pool(production))
    if budget is not None and not budget.fits:
        yield Fault(str(budget), production.config_at("deployment", "scaling", "max_instances"))


def _pool(production: Production) -> int | None:
    """Connections of the pool that each process has, where the settings say one."""
    found = production.settings.get("DATABASES", "default", "OPTIONS", "pool")
    if found is True:
        return _POOL
    if not isinstance(found, dict) or not found:
        return None
    size = found.get("max_size") or found.get("min_size") or _POOL
    return size if isinstance(size, int) else None


@rule(
    "SCA002",
    severity="error",
    title="More connections than compose's database admits",
    why="Each thread of each process of each replica keeps a connection, and PostgreSQL admits "
    "100 unless it is told otherwise. The last ones get errors.",
    symptom="FATAL: sorry, too many clients already; (1040, 'Too many connections').",
    fix="Lower `--workers`, `--threads` or `replicas`, put PgBouncer in between, or raise "
    "`max_connections` with the memory that it takes.",
    url=_URL,
    mistake={"compose.yaml": _COMPOSE.format(4)},
    fixed={"compose.yaml": _COMPOSE.format(2)},
)
def of_compose(production: Production) -> Faults:
    for compose in production.compose_files:
        found = _limit(compose)
        pooled = any("bouncer" in f"{s.name} {s.image}" for s in compose.services)
        if found is None or pooled or not compose.serves:
            continue
        limit, name = found
        asked = [each for service in compose.services if (each := _asked(service))]
        needed = sum(count for count, _, _ in asked)
        if needed > limit - RESERVED:
            _, words, where = max(asked)
            yield Fault(f"{words} = {needed} connections; {name} admits {limit}", where)


def _limit(compose: ComposeFile) -> tuple[int, str] | None:
    for service in compose.services:
        for kind, pattern in _STORES.items():
            if pattern.search(service.image):
                said = _SAID.search(service.command)
                return (int(said[1]) if said else CONNECTIONS[kind]), service.name
    return None


def _asked(service: ComposeService) -> tuple[int, str, Location] | None:
    """Connections of one service of gunicorn, with the sum in words."""
    servers = server_commands(service.command, service.at("command"))
    start = next((each for each in servers if each.server == "gunicorn"), None)
    if start is None:
        return None
    replicas = service.yaml.get("deploy", "replicas") or service.yaml.get("scale")
    copies = int(replicas.text) if replicas and replicas.text.isdigit() else 1
    workers, threads = _processes(start)
    words = f"{copies} replicas × {workers} processes × {threads} threads"
    return copies * workers * threads, words, start.location


def _processes(start: ServerCommand) -> tuple[int, int]:
    return start.number("workers", "w") or 1, start.number("threads") or 1
