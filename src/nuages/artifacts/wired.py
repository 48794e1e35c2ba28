"""What the variables of the site say when database and cache are containers beside it."""

from __future__ import annotations

from nuages.artifacts.layout import DATA
from nuages.artifacts.layout import hosts as site_hosts
from nuages.model import Cache, Database, Deployment

PASSWORD = "${DATABASE_PASSWORD:?set it in .env}"  # noqa: S105 -- a reference
_BACKENDS = {
    "postgresql": "django.db.backends.postgresql",
    "mysql": "django.db.backends.mysql",
    "sqlite": "django.db.backends.sqlite3",
}


def wired(deployment: Deployment) -> dict[str, str]:
    """Variable → value: those that generated settings read, and the project's own like them."""
    parts = _parts(deployment)
    own = {name: parts[part] for name, part in deployment.wiring.items() if part in parts}
    ours = {"DATABASE_URL": "database.url", "REDIS_URL": "cache.url"}
    return own | {name: parts[part] for name, part in ours.items() if part in parts}


def database_url(database: Database, password: str, host: str = "database") -> str:
    """How the site reaches the database of the compose file, or one on another host."""
    if database.engine == "sqlite":
        return f"sqlite:///{DATA}/db.sqlite3"
    scheme, port = ("mysql", 3306) if database.engine == "mysql" else ("postgres", 5432)
    query = plain_query(database)
    return f"{scheme}://{database.user}:{password}@{host}:{port}/{database.name}{query}"


def plain_query(database: Database) -> str:
    """What lets a project that insists on TLS reach a server beside it, which has none.

    Source: https://www.postgresql.org/docs/current/libpq-ssl.html
    """
    return "?sslmode=prefer" if database.tls and database.engine == "postgresql" else ""


def cache_url(cache: Cache | None, host: str = "cache") -> str:
    """How the site reaches the cache of the compose file, or of another host; empty without one."""
    return f"redis://{host}:6379/0" if cache else ""


def _parts(deployment: Deployment) -> dict[str, str]:
    names = site_hosts(deployment)
    return {
        "site.host": names[0],
        "site.hosts": ",".join(names),
        "site.origins": ",".join(f"https://{name}" for name in names),
        **stores(deployment.database, deployment.cache, PASSWORD),
    }


def stores(
    database: Database | None,
    cache: Cache | None,
    password: str,
    hosts: tuple[str, str] = ("database", "cache"),
) -> dict[str, str]:
    """What stands for each part of the database and the cache on these two hosts."""
    found = {}
    if database is not None:
        found["database.url"] = database_url(database, password, hosts[0])
        found["database.engine"] = _BACKENDS[database.engine]
        found["database.name"] = database.name
    if database is not None and database.engine != "sqlite":
        found |= {
            "database.host": hosts[0],
            "database.port": "3306" if database.engine == "mysql" else "5432",
            "database.user": database.user,
            "database.password": password,
        }
    if cache is not None:
        url = cache_url(cache, hosts[1])
        found |= {"cache.url": url, "cache.host": hosts[1], "cache.port": "6379"}
    return found
