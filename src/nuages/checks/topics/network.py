"""Network and proxies: who can reach what, and what Django believes of a request."""

from __future__ import annotations

import re

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule

_STORES = re.compile(r"(?:^|/)(postgres|postgis|mysql|mariadb|redis|valkey|memcached|rabbitmq)\b")
_EVERYWHERE = re.compile(r"(?:0\.0\.0\.0:)?[\d${}A-Z_:-]*\d+(?:/tcp)?")


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
        for service in compose.services:
            store = _STORES.search(service.image)
            for text, where in service.texts("ports") if store else ():
                if ":" in text and _EVERYWHERE.fullmatch(text):
                    message = (
                        f"{service.name} ({service.image}) listens on every address of the host"
                    )
                    yield Fault(message, where)
