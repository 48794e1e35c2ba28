"""The compose file that production is run with on one machine: data, restarts, memory."""

from __future__ import annotations

import re

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.sources.compose import ComposeService

_FORMAT = "https://docs.docker.com/reference/compose-file/services"
_SERVICES = "services:\n  web:\n    build: .\n    env_file: .env\n{}"
_WEB = "    restart: unless-stopped\n    mem_limit: 1g\n"
_STORE = re.compile(r"(?:^|/)(?:postgres|postgis|mysql|mariadb|db|database)(?:[:@]|$)", re.M)
_JOBS = re.compile(r"\b(?:migrate|collectstatic|createsuperuser|createcachetable|loaddata)\b")


@rule(
    "IMG036",
    severity="warning",
    title="Nothing starts it again",
    why="Without a restart policy a process that fails, and every one after the machine was "
    "restarted, stays down until somebody notices.",
    symptom="A site that is gone since the night's kernel update.",
    fix="Write `restart: unless-stopped`.",
    url=f"{_FORMAT}/#restart",
    mistake={"compose.yaml": _SERVICES.format("    mem_limit: 1g\n")},
    fixed={"compose.yaml": _SERVICES.format(_WEB)},
)
def no_restart(production: Production) -> Faults:
    for compose in production.serving:
        lacking = [
            service
            for service in compose.services
            if not service.yaml.get("restart")
            and not service.yaml.get("deploy")
            and not service.yaml.get("profiles")
            and not service.yaml.get("extends")
            and not _is_job(service)
        ]
        if lacking:
            names = ", ".join(service.name for service in lacking)
            yield Fault(f"No restart policy: {names}", lacking[0].key)


def _is_job(service: ComposeService) -> bool:
    """Whether it runs once, or by hand."""
    command = service.command
    return bool(_JOBS.search(command)) or bool(
        re.search(
            r"aws|backup|init|migrat|setup|certbot|minio/mc", f"{service.name} {service.image}"
        )
    )


@rule(
    "IMG041",
    severity="info",
    title="A container may take all of the memory",
    why="A leak in one container makes the kernel kill another one: the database, often.",
    symptom="The database was restarted by the kernel; Out of memory: Killed process (postgres).",
    fix="Set `mem_limit`.",
    url=f"{_FORMAT}/#mem_limit",
    mistake={"compose.yaml": _SERVICES.format("    restart: unless-stopped\n")},
    fixed={"compose.yaml": _SERVICES.format(_WEB)},
)
def no_memory_limit(production: Production) -> Faults:
    for compose in production.serving:
        lacking = [
            service
            for service in compose.own
            if not service.yaml.get("mem_limit")
            and not service.yaml.get("deploy")
            and not service.yaml.get("extends")
            and not _is_job(service)
        ]
        if lacking:
            names = ", ".join(service.name for service in lacking)
            yield Fault(f"No limit of memory: {names}", lacking[0].key)


@rule(
    "IMG042",
    severity="info",
    title="The site starts before its database is ready",
    why="`depends_on` as a list waits until the container is there, not until the database "
    "answers: after a restart of the machine the site fails first.",
    symptom="connection refused at the first start; a few restarts until it works.",
    fix="Wait for its health: `depends_on: {database: {condition: service_healthy}}`.",
    url="https://docs.docker.com/compose/how-tos/startup-order/",
    mistake={
        "compose.yaml": _SERVICES.format(
            f"{_WEB}    depends_on: [database]\n  database:\n    image: postgres:17\n"
            "    restart: always\n    volumes: ['data:/var/lib/postgresql/data']\n"
        )
    },
    fixed={
        "compose.yaml": _SERVICES.format(
            f"{_WEB}    depends_on:\n      database: {{condition: service_healthy}}\n"
            "  database:\n    image: postgres:17\n    restart: always\n"
            "    volumes: ['data:/var/lib/postgresql/data']\n"
            "    healthcheck: {test: ['CMD', 'pg_isready']}\n"
        )
    },
)
def not_ready(production: Production) -> Faults:
    for compose in production.serving:
        stores = {s.name for s in compose.services if _STORE.search(f"{s.image}\n{s.name}")}
        for service in (each for each in compose.services if each.name not in stores):
            needed = service.yaml.get("depends_on")
            for item in needed.list() if needed else ():
                if item.text in stores:
                    said = f"{service.name} does not wait until {item.text} answers"
                    yield Fault(said, item.location)
