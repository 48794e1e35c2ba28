"""The entries of DATABASES, as far as they are known."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from nuages.checks.production import Production
from nuages.checks.settings import Settings
from nuages.project.databases import engine
from nuages.text import Location

DATABASES = "https://docs.djangoproject.com/en/stable/ref/databases"
SETTINGS = "https://docs.djangoproject.com/en/stable/ref/settings"
_ASGI = re.compile(r"\buvicorn\b|\bdaphne\b|\bhypercorn\b|UvicornWorker|--interface[ =]asgi")
_PLATFORMS = ("render.yaml", "app.json", ".do/app.yaml", "fly.toml", "Procfile")


@dataclass(frozen=True)
class Entry:
    """One alias of DATABASES."""

    alias: str
    values: Mapping[str, Any]
    settings: Settings
    production: Production

    @property
    def engine(self) -> str | None:
        """``postgresql``, ``mysql``, ``sqlite``, ``oracle``, ``other``; None: not known."""
        return engine(self.get("ENGINE"))

    @property
    def options(self) -> Mapping[str, Any]:
        """OPTIONS; empty where there are none, or none that are known."""
        found = self.values.get("OPTIONS")
        return found if isinstance(found, dict) else {}

    @property
    def readable(self) -> bool:
        """Whether nothing that may matter is hidden in an unknown part."""
        parts = (self.values, self.options)
        return not any("…" in part or "unknown" in part for part in parts)

    def get(self, key: str, default: Any = None) -> Any:
        """A value; ``default`` where it is not set, None where it is unknown."""
        found = self.values.get(key, default)
        return None if isinstance(found, dict) and set(found) == {"unknown"} else found

    def at(self, *keys: str) -> Location:
        """Where a key of it stands, or itself."""
        here = self.settings.at("DATABASES", self.alias)
        for key in reversed(keys):
            if key in self.values or key in self.options:
                found = self.settings.at("DATABASES", self.alias, key)
                return self._later(key) or here if found == self.settings.at("DATABASES") else found
        return here

    def _later(self, key: str) -> Location | None:
        """Where a key is set after DATABASES itself, in another file perhaps."""
        for file in reversed(self.production.settings_files):
            found = self.production.find(file.path, rf"[\"']{key}[\"']|\b{key.lower()}\s*=")
            if found:
                return found
        return None


def entries(production: Production, settings: Settings | None = None) -> tuple[Entry, ...]:
    """Each alias whose mapping is known."""
    settings = settings or production.settings
    found = settings.get("DATABASES")
    return tuple(
        Entry(str(alias), values, settings, production)
        for alias, values in (found.items() if isinstance(found, dict) else ())
        if isinstance(values, dict) and set(values) != {"unknown"}
    )


def default(production: Production, settings: Settings | None = None) -> Entry | None:
    """The alias ``default``."""
    return next(
        (entry for entry in entries(production, settings) if entry.alias == "default"), None
    )


def servers(production: Production) -> Iterator[Entry]:
    """The entries that connect to a server of PostgreSQL or MySQL."""
    for entry in entries(production):
        if entry.engine in ("postgresql", "mysql") and entry.readable:
            yield entry


def asgi(production: Production) -> bool:
    """Whether production is served over ASGI: by nuages.yaml, or by what the tree starts."""
    web = production.deployment.web
    if production.config.nodes and web.server:
        return web.server.asgi
    started = [command for command, _ in production.commands]
    started += [production.text(path) for path in _PLATFORMS if path in production.tree]
    return bool(web.server and web.server.asgi) or any(_ASGI.search(text) for text in started)


def pools(entry: Entry) -> bool:
    """Whether it has a pool of its own."""
    return bool(entry.options.get("pool")) or "pool" in str(entry.get("ENGINE")).lower()
