"""Scaling and capacity: what all instances together ask of what there is once."""

from __future__ import annotations

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.config.server import CONNECTIONS, RESERVED

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
    url="https://www.postgresql.org/docs/current/runtime-config-connection.html",
    mistake={"nuages.yaml": _YAML.format(instances=20)},
    fixed={"nuages.yaml": _YAML.format(instances=10)},
)
def connections(production: Production) -> Faults:
    deployment = production.deployment
    database, web = deployment.database, deployment.web
    if database is None or database.engine == "sqlite" or database.pooler or web.server is None:
        return
    limit = database.max_connections or CONNECTIONS[database.engine]
    server, instances = web.server, web.scaling.max_instances
    needed = instances * server.workers * server.threads
    others = sum(service.scaling.max_instances for service in deployment.services)
    if needed + others > limit - RESERVED:
        yield Fault(
            f"{instances} instances × {server.workers} processes × {server.threads} threads"
            f"{f' + {others} for other services' if others else ''} = {needed + others} "
            f"connections; the database admits {limit} and keeps {RESERVED}",
            production.config_at("deployment", "scaling", "max_instances"),
        )
