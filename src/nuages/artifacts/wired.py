"""What the variables of the site say when database and cache are containers beside it."""

from __future__ import annotations

from nuages.artifacts.layout import DATA, hosts
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


def database_url(database: Database, password: str) -> str:
    """How the site reaches the database of the compose file."""
    if database.engine == "sqlite":
        return f"sqlite:///{DATA}/db.sqlite3"
    scheme, port = ("mysql", 3306) if database.engine == "mysql" else ("postgres", 5432)
    query = plain_query(database)
    return f"{scheme}://{database.user}:{password}@database:{port}/{database.name}{query}"


def plain_query(database: Database) -> str:
    """What lets a project that insists on TLS reach a server beside it, which has none.

    Source: https://www.postgresql.org/docs/current/libpq-ssl.html
    """
    return "?sslmode=prefer" if database.tls and database.engine == "postgresql" else ""


def cache_url(cache: Cache | None) -> str:
    """How the site reaches the cache of the compose file; empty without one."""
    return "redis://cache:6379/0" if cache else ""


def _parts(deployment: Deployment) -> dict[str, str]:
    database, names = deployment.database, hosts(deployment)
    found = {
        "site.host": names[0],
        "site.hosts": ",".join(names),
        "site.origins": ",".join(f"https://{name}" for name in names),
    }
    if database is not None:
        found["database.url"] = database_url(database, PASSWORD)
        found["database.engine"] = _BACKENDS[database.engine]
        found["database.name"] = database.name
    if database is not None and database.engine != "sqlite":
        found |= {
            "database.host": "database",
            "database.port": "3306" if database.engine == "mysql" else "5432",
            "database.user": database.user,
            "database.password": PASSWORD,
        }
    if deployment.cache is not None:
        url = cache_url(deployment.cache)
        found |= {"cache.url": url, "cache.host": "cache", "cache.port": "6379"}
    return found
