"""What a project's own database variables must say to reach the database that runs here."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import unquote, urlsplit

from nuages.project.facts import Variable

BACKENDS = {
    "postgres": "django.db.backends.postgresql",
    "mysql": "django.db.backends.mysql",
    "sqlite": "django.db.backends.sqlite3",
}


def values(variables: Iterable[Variable], names: Iterable[str], url: str) -> dict[str, str]:
    """A value for each variable among ``names`` that a part of ``url`` answers."""
    wanted = set(names)
    found = {}
    for variable in variables:
        steers = variable.name in wanted or "DATABASES" in variable.steers
        part = _part(variable, url) if steers else None
        if part is not None:
            found[variable.name] = part
    return found


def _part(variable: Variable, url: str) -> str | None:
    parts = urlsplit(url)
    name = variable.name.upper()
    if variable.cast == "url:database" or re.search(r"(URL|URI|DSN)$", name):
        return url
    if re.search(r"ENGINE|BACKEND", name):
        return _engine(variable, parts.scheme)
    table = (
        (r"HOST|SERVER|ADDR", parts.hostname or ""),
        (r"PORT", str(parts.port or "")),
        (r"PASS|PWD", unquote(parts.password or "")),
        (r"USER", unquote(parts.username or "")),
        (r"(^|_)(NAME|DB|DATABASE|DBNAME|DB_NAME)$", _database(url)),
    )
    return next((value for pattern, value in table if re.search(pattern, name)), None)


def _database(url: str) -> str:
    """The name in a URL; for SQLite its path, which has a slash of its own."""
    return unquote(urlsplit(url).path.removeprefix("/"))


def _engine(variable: Variable, scheme: str) -> str | None:
    """A back end, where the default is not one of that family already (PostGIS, pools)."""
    default = variable.default or ""
    family = next((BACKENDS[key] for key in BACKENDS if scheme.startswith(key)), None)
    if family is None or family.rpartition(".")[2].removesuffix("3") in default:
        return None
    short = default and "." not in default
    return family.rpartition(".")[2] if short else family
