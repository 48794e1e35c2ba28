"""Cloud SQL, Memorystore and Cloud Storage."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nuages.estimate import GIB, HOURS, Line, Range, Traffic, always, each
from nuages.model import Cache, Database, Deployment
from nuages.targets.cloud_run import sizes
from nuages.targets.cloud_run.prices import Prices

_SHARED = {"db-f1-micro": "sql.micro", "db-g1-small": "sql.small"}
_CUSTOM = re.compile(r"db-custom-(\d+)-(\d+)")
_NAMED = re.compile(r"db-n1-(standard|highmem)-(\d+)")
_MEMORY = {"standard": 3.75, "highmem": 6.5}
"""GiB of each core. https://cloud.google.com/sql/docs/mysql/instance-settings."""
_BANDS = ((4, "m1"), (10, "m2"), (35, "m3"), (100, "m4"))
"""GiB up to which a price holds. https://cloud.google.com/memorystore/docs/redis/pricing."""
KEPT = Range(1, 3, 10)
"""GiB of backups: they hold what is stored, not the disk, and what changed since."""


def tier(deployment: Deployment) -> str:
    """The database's machine, as the module is told it."""
    said = deployment.database.tier if deployment.database else None
    return said or sizes.tier(deployment.profile)


def machine(name: str) -> tuple[float, float] | None:
    """Cores and GiB of a dedicated machine; None where the name says neither."""
    if custom := _CUSTOM.fullmatch(name):
        return float(custom[1]), float(custom[2]) / 1024
    if named := _NAMED.fullmatch(name):
        return float(named[2]), float(named[2]) * _MEMORY[named[1]]
    return None


def database(prices: Prices, deployment: Deployment) -> Iterator[Line]:
    """The instance, twice where a standby waits, its disk and its backups."""
    found = deployment.database
    if found is None or found.engine == "sqlite":
        return
    copies = 2 if found.high_availability else 1
    standby = ", and its standby in another zone" if found.high_availability else ""
    name = tier(deployment)
    dedicated = machine(name)
    if name in _SHARED:
        said = f"{name}{standby}"
        yield prices.line(_SHARED[name], "database", "machine", always(HOURS * copies), said)
    elif dedicated is not None:
        cores, memory = (always(size * HOURS * copies) for size in dedicated)
        yield prices.line("sql.cpu", "database", "CPU", cores, f"{name}{standby}")
        yield prices.line("sql.memory", "database", "memory", memory)
    yield from _disk(prices, found, copies)


def _disk(prices: Prices, found: Database, copies: int) -> Iterator[Line]:
    disk = float(sizes.gibibytes(found.disk))
    said = (
        f"{disk:g} GiB{' twice' if copies > 1 else ''}; it grows by itself, in a busy month twice"
    )
    quantity = Range(disk, disk, disk * 2) * copies
    yield prices.line("sql.disk", "database", "disk (SSD)", quantity, said)
    if found.backups or found.high_availability:
        said = "14 days and the log of 7, of 1, 3 or 10 GiB of data and changes"
        yield prices.line("sql.backup", "database", "backups", KEPT, said)


def unpriced(deployment: Deployment) -> Iterator[str]:
    """A machine that the table does not know."""
    found = deployment.database
    name = tier(deployment)
    known = name in _SHARED or machine(name) is not None
    if found is not None and found.engine != "sqlite" and not known:
        yield f"the database's machine {name}: the price table does not have it"


NANO = 1.4
"""GB of the node of Valkey whose price is known."""


def cache(prices: Prices, deployment: Deployment) -> Iterator[Line]:
    """Redis by its size; Valkey by its nodes."""
    found = deployment.cache
    if found is None:
        return
    twice = ", and its replica in another zone" if found.high_availability else ""
    if found.engine == "valkey":
        _, size = sizes.valkey_node(found.size)
        nodes = always(HOURS * (2 if found.high_availability else 1) * size / NANO)
        reckoned = "" if size == NANO else ", priced by its memory: the table has no other"
        said = f"a node of {size} GB{twice}{reckoned}"
        yield prices.line("valkey.nano", "cache", "Valkey", nodes, said)
        return
    amount = sizes.gibibytes(found.size)
    said = f"{amount} GiB{twice}"
    yield prices.line(_redis(found, amount), "cache", "Redis", always(amount * HOURS), said)


def _redis(found: Cache, size: int) -> str:
    band = next((name for most, name in _BANDS if size <= most), "m5")
    return f"redis.{'standard' if found.high_availability else 'basic'}.{band}"


def storage(prices: Prices, deployment: Deployment, traffic: Traffic) -> Iterator[Line]:
    """The bucket of uploads, that of static files, and the one that keeps Terraform's state."""
    found = deployment.storage
    uploads = traffic.uploads if found is not None and found.kind == "gcs" else always(0)
    other = 0.2 if deployment.static == "bucket" else 0.05
    stored = each(lambda size: size / GIB + other, uploads)
    said = f"{_sizes(uploads)} of uploads, static files and Terraform's state"
    yield prices.line("storage.standard", "storage", "storage", stored, said)
    reads = traffic.requests * (0.2 if found is not None else 0.01)
    writes = traffic.requests * (0.01 if found is not None else 0.001)
    said = "one request in five reads an upload, one in a hundred stores one"
    yield prices.line("storage.class_b", "storage", "reads", reads, said)
    yield prices.line("storage.class_a", "storage", "writes", writes)


def _sizes(size: Range) -> str:
    each_of = (size.low, size.expected, size.high)
    return " / ".join(f"{figure / GIB:.3g}" for figure in each_of) + " GiB"
