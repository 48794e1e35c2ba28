"""What stands, on this machine, for each part that the deployment wires to a variable."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import unquote, urlsplit

from nuages.local.process.stand_ins import Place
from nuages.model import Deployment
from nuages.project.facts import Variable

BACKENDS = {
    "postgres": "django.db.backends.postgresql",
    "postgresql": "django.db.backends.postgresql",
    "mysql": "django.db.backends.mysql",
    "sqlite": "django.db.backends.sqlite3",
}


def values(
    deployment: Deployment, variables: Mapping[str, Variable], place: Place
) -> dict[str, str]:
    """A value for every wired variable whose service runs here or was named."""
    parts = {**_site(place), **_server("cache", place.redis), **_database(place.database)}
    found: dict[str, str] = {}
    for name, part in deployment.wiring.items():
        if part == "database.engine" and place.database:
            engine = _engine(variables.get(name), urlsplit(place.database).scheme)
            found |= {name: engine} if engine else {}
        elif part in parts:
            found[name] = parts[part]
    return found


def _site(place: Place) -> dict[str, str]:
    return {"site.host": "localhost", "site.hosts": "localhost", "site.origins": place.origin}


def _server(kind: str, url: str) -> dict[str, str]:
    if not url:
        return {}
    parts = urlsplit(url)
    port = str(parts.port or "")
    return {f"{kind}.url": url, f"{kind}.host": parts.hostname or "", f"{kind}.port": port}


def _database(url: str) -> dict[str, str]:
    """The parts of a database's URL; the name of an SQLite database is its path."""
    if not url:
        return {}
    parts = urlsplit(url)
    return _server("database", url) | {
        "database.name": unquote(parts.path.removeprefix("/")),
        "database.user": unquote(parts.username or ""),
        "database.password": unquote(parts.password or ""),
    }


def _engine(variable: Variable | None, scheme: str) -> str | None:
    """A back end, where the default is not one of that family already (PostGIS, pools)."""
    default = (variable.default if variable else None) or ""
    family = BACKENDS.get(scheme)
    if family is None or family.rpartition(".")[2].removesuffix("3") in default:
        return None
    short = default and "." not in default
    return family.rpartition(".")[2] if short else family
