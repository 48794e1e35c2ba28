"""What Cloud Run and Cloud SQL call the sizes of a deployment.

Sources: https://cloud.google.com/run/docs/configuring/services/cpu,
https://cloud.google.com/run/docs/configuring/services/memory-limits (4 CPU need 2 GiB, more
than 4 GiB needs 2 CPU), https://cloud.google.com/run/docs/configuring/workerpools/cpu,
https://cloud.google.com/sql/docs/postgres/machine-series-overview.
"""

from __future__ import annotations

import math

from nuages.config.profiles import GIB, MIB
from nuages.config.server import CONNECTIONS

LEAST_MEMORY = 512 * MIB
"""Of the second generation, without which there is no mounted bucket."""
_CPUS = (1, 2, 4, 6, 8)
_MOST_MEMORY = {1: 4 * GIB, 2: 8 * GIB, 4: 16 * GIB, 6: 24 * GIB, 8: 32 * GIB}
_LEAST_MEMORY = {4: 2 * GIB, 6: 4 * GIB, 8: 4 * GIB}
_TIERS = {
    "small": "db-f1-micro",
    "standard": "db-custom-1-3840",
    "high-availability": "db-custom-2-7680",
}


_NODES = {
    "SHARED_CORE_NANO": 1.4,
    "STANDARD_SMALL": 6.5,
    "HIGHMEM_MEDIUM": 13.0,
    "HIGHMEM_XLARGE": 58.0,
}
"""In GB: https://cloud.google.com/memorystore/docs/valkey/instance-node-specification. A fifth is
the service's own reserve."""
_FEW_CONNECTIONS = frozenset({"db-f1-micro", "db-g1-small"})
"""With a shared core PostgreSQL admits 25 and 50 unless it is told otherwise; all others admit
100 at least (https://cloud.google.com/sql/docs/postgres/faq, "connection limits")."""


def resources(cpu: float, memory: int) -> tuple[str, str]:
    """CPU and memory as limits: rounded up to what can be had, the one fitting the other.

    ``cpu`` is in cores, ``memory`` in bytes.
    """
    fits = (n for n in _CPUS if n >= cpu and _MOST_MEMORY[n] >= memory)
    cores = next(fits, _CPUS[-1])
    least = max(LEAST_MEMORY, _LEAST_MEMORY.get(cores, 0))
    amount = min(max(memory, least), _MOST_MEMORY[cores])
    return str(cores), f"{math.ceil(amount / MIB)}Mi"


def tier(profile: str) -> str:
    """The machine of the database where nuages.yaml names none."""
    return _TIERS[profile]


def max_connections(engine: str, tier: str) -> int | None:
    """What a machine must be told to admit what is counted on; None: it does by itself."""
    few = engine == "postgresql" and tier in _FEW_CONNECTIONS
    return CONNECTIONS[engine] if few else None


def valkey_node(size: int) -> tuple[str, float]:
    """The smallest node of Valkey with so many bytes, or the largest; and its gigabytes."""
    fits = ((name, total) for name, total in _NODES.items() if size <= total * 10**9)
    return next(fits, ("HIGHMEM_XLARGE", _NODES["HIGHMEM_XLARGE"]))


def gibibytes(size: int) -> int:
    """Bytes as whole GiB, at least one."""
    return max(1, math.ceil(size / GIB))
