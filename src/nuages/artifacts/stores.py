"""The database and the cache as containers of the compose file."""

from __future__ import annotations

from typing import Any

from nuages.model import Cache, Database

MEBIBYTE = 2**20
_POSTGRES_WITH = {
    "postgis": "postgis/postgis:{version}-3.5",
    "vector": "pgvector/pgvector:pg{version}",
}
"""Extension → an image that has it; https://hub.docker.com/r/postgis/postgis, …/pgvector."""


def database(wanted: Database | None) -> dict[str, Any] | None:
    """The context of the database's service; SQLite is a file and needs none."""
    if wanted is None or wanted.engine == "sqlite":
        return None
    major = wanted.version.split(".")[0]
    if wanted.engine == "mysql":
        image, data = f"mysql:{wanted.version}", "/var/lib/mysql"
    else:
        with_extension = (_POSTGRES_WITH.get(name) for name in wanted.extensions)
        pattern = next((found for found in with_extension if found), "postgres:{version}")
        image = pattern.format(version=wanted.version)
        # https://hub.docker.com/_/postgres: since 18 the version has a folder of its own in it
        data = "/var/lib/postgresql" if int(major) >= 18 else "/var/lib/postgresql/data"
    return {
        "kind": wanted.engine,
        "image": image,
        "data": data,
        "name": wanted.name,
        "user": wanted.user,
    }


def cache(wanted: Cache | None, *, is_broker: bool) -> dict[str, Any] | None:
    """The context of the cache's service; a broker loses no task, a cache may lose anything."""
    if wanted is None:
        return None
    memory = max(wanted.size // MEBIBYTE, 64)
    image = "valkey/valkey" if wanted.engine == "valkey" else "redis"
    return {
        "image": f"{image}:{wanted.version}",
        "server": f"{wanted.engine}-server",
        "client": f"{wanted.engine}-cli",
        "memory": f"{memory}mb",
        "limit": f"{memory * 3 // 2}m",
        "policy": "noeviction" if is_broker else "allkeys-lru",
        "appendonly": "yes" if is_broker else "no",
    }
