"""The budget of connections: what may be connected at once against what the database admits."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nuages.config.server import CONNECTIONS, RESERVED
from nuages.model import Deployment, Service

_CONCURRENCY = re.compile(r"(?:--concurrency[= ]|-c\s*)(\d+)|--autoscale[= ](\d+)")


@dataclass(frozen=True)
class Budget:
    """Connections of everything that may run at once."""

    instances: int
    processes: int
    each: int
    """Of one process: its threads, or the size of its pool."""
    pooled: bool
    workers: int
    limit: int
    """What the database admits."""
    reserved: int = RESERVED
    """Kept for jobs, migrations, shells and the database's own superuser."""

    @property
    def needed(self) -> int:
        return self.instances * self.processes * self.each + self.workers

    @property
    def fits(self) -> bool:
        return self.needed <= self.limit - self.reserved

    def __str__(self) -> str:
        word = "pooled" if self.pooled else "threads"
        others = f" + {self.workers} for other services" if self.workers else ""
        return (
            f"{self.instances} instances × {self.processes} processes × {self.each} {word}{others}"
            f" = {self.needed} connections; the database admits {self.limit} and keeps "
            f"{self.reserved}"
        )


def connections(deployment: Deployment, pool: int | None = None) -> Budget | None:
    """The budget of a deployment; None where there is no server of a database to fill.

    ``pool``: the connections of the pool that each process has, where the settings say one.
    """
    database, web = deployment.database, deployment.web
    if database is None or database.engine == "sqlite" or database.pooler or web.server is None:
        return None
    return Budget(
        instances=web.scaling.max_instances,
        processes=web.server.workers,
        each=pool or web.server.threads,
        pooled=bool(pool),
        workers=sum(_connected(service) for service in deployment.services),
        limit=database.max_connections or CONNECTIONS[database.engine],
    )


def _connected(service: Service) -> int:
    """What a worker connects at most: one for each process, or thread, of each instance."""
    found = _CONCURRENCY.search(" ".join(service.command))
    each = int(found[1] or found[2]) if found else 1
    return service.scaling.max_instances * each
