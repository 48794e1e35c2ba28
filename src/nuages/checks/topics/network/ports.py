"""Ports: which services somebody outside can reach."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.sources.compose import ComposeService
from nuages.text import Location

_STORES = re.compile(r"(?:^|/)(postgres|postgis|mysql|mariadb|redis|valkey|memcached|rabbitmq)\b")
_EVERYWHERE = re.compile(r"(?:0\.0\.0\.0:)?[\d${}A-Z_:-]*\d+(?:/tcp)?")


def ports(service: ComposeService) -> Iterator[tuple[str, Location]]:
    """The ports that a service publishes, the long form written as the short one."""
    found = service.yaml.get("ports")
    for item in found.list() if found else ():
        target, published, host = (item.get(k) for k in ("target", "published", "host_ip"))
        if target and published:
            address = f"{host.text}:" if host else ""
            yield f"{address}{published.text}:{target.text}", item.location
        elif item.text:
            yield item.text, item.location


@rule(
    "NET001",
    severity="error",
    title="A database or a cache is open to the internet",
    why="A published port is opened on every address of the host, and Docker writes its firewall "
    "rules in front of ufw's. Redis without a password is taken over within hours.",
    symptom="A database named READ_ME_TO_RECOVER_YOUR_DATA; a Redis that mines.",
    fix="Remove `ports`: containers reach each other by name. For your own access bind it to "
    "`127.0.0.1:5432:5432`.",
    url="https://docs.docker.com/engine/network/packet-filtering-firewalls/",
    mistake={
        "compose.yaml": 'services:\n  db:\n    image: postgres:17\n    ports: ["5432:5432"]\n'
    },
    fixed={
        "compose.yaml": "services:\n  db:\n    image: postgres:17\n"
        '    ports: ["127.0.0.1:5432:5432"]\n'
    },
)
def published_store(production: Production) -> Faults:
    for compose in production.compose_files:
        for service in compose.services if compose.serves else ():
            store = _STORES.search(service.image)
            for text, where in ports(service) if store else ():
                if ":" in text and _EVERYWHERE.fullmatch(text):
                    message = (
                        f"{service.name} ({service.image}) listens on every address of the host"
                    )
                    yield Fault(message, where)


_FLOWER = re.compile(r"\bflower\b")
_FLOWERS_PORT = re.compile(r":5555(?:/tcp)?$")
_TOOLS = re.compile(
    r"(?:^|/)(?:flower|adminer|pgadmin4?|phpmyadmin|mailhog|mailpit|portainer\S*|redis-commander"
    r"|redisinsight|rabbitmq|prometheus|kibana)(?::|$)"
)


@rule(
    "NET002",
    severity="warning",
    title="A tool for insiders is open to the internet",
    why="Flower shows and stops tasks, adminer and pgAdmin hold the whole database, a mail catcher "
    "every password reset. Behind one password, or none, they are tried out every day.",
    symptom="Strange logins; tasks that nobody started.",
    fix='Bind the port to the host, `"127.0.0.1:5555:5555"`, and reach it through SSH.',
    url="https://docs.docker.com/engine/network/packet-filtering-firewalls/",
    mistake={
        "compose.yaml": "services:\n  flower:\n    image: mher/flower:2.0\n"
        '    ports: ["5555:5555"]\n'
    },
    fixed={
        "compose.yaml": "services:\n  flower:\n    image: mher/flower:2.0\n"
        '    ports: ["127.0.0.1:5555:5555"]\n'
    },
)
def published_tool(production: Production) -> Faults:
    for compose in production.compose_files:
        services = compose.services if compose.serves else ()
        watched = any(_FLOWER.search(f"{each.name} {each.command}") for each in services)
        for service in services:
            is_tool = _TOOLS.search(service.image) or _FLOWER.search(service.name)
            for text, where in ports(service):
                # Behind a proxy Flower keeps its port, and has a password most of the time.
                proxied = watched and _FLOWERS_PORT.search(text) and not is_tool
                if (is_tool or proxied) and ":" in text and _EVERYWHERE.fullmatch(text):
                    known = proxied or "FLOWER_BASIC_AUTH" in service.environment
                    yield Fault(
                        f"{service.name} listens on every address of the host ({text})",
                        where,
                        severity="info" if known else None,
                    )
