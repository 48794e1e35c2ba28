"""Databases and caches, as the settings have them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from nuages.project.facts import DatabaseFact, Evidence, Fact
from nuages.project.site import Site

Engine = str

_TLS = re.compile(
    r"ssl_require\s*=\s*(?!False|None)\w|django_heroku\.settings"
    r"|sslmode[\"']\]?\s*[:=]\s*(?:[\w.]+\([^)\n]*)?[\"'](?:require|verify)"
)

_ENGINES = (
    (re.compile(r"postg|psycopg|timescale|cockroach"), "postgresql"),
    (re.compile(r"mysql|mariadb"), "mysql"),
    (re.compile(r"sqlite|spatialite"), "sqlite"),
    (re.compile(r"oracle"), "oracle"),
)
_DRIVERS = {
    "postgresql": ("psycopg", "psycopg2", "psycopg2-binary", "psycopg-binary"),
    "mysql": ("mysqlclient", "pymysql", "mysql-connector-python"),
    "oracle": ("oracledb", "cx-oracle"),
}


def databases(site: Site) -> tuple[Fact[DatabaseFact], ...]:
    """Each entry of DATABASES; without any that is readable, what the drivers suggest."""
    found = site.setting("DATABASES")
    entries = found.value if found and isinstance(found.value, Mapping) else {}
    facts = [
        _fact(site, str(alias), entry)
        for alias, entry in entries.items()
        if isinstance(entry, Mapping) and "unknown" not in entry
    ]
    if not any(fact.value.alias == "default" for fact in facts):
        default = _by_driver(site)
        facts = [default, *facts] if default else facts
    return tuple(facts)


def _fact(site: Site, alias: str, entry: Mapping[str, object]) -> Fact[DatabaseFact]:
    backend = entry.get("ENGINE")
    name = backend if isinstance(backend, str) and backend else None
    setting = site.setting("DATABASES")
    variables = setting.variables if setting else ()
    evidence = [site.at("DATABASES")]
    kind = engine(name)
    if kind in _DRIVERS and (driver := site.has(*_DRIVERS[kind])):
        evidence.append(driver)
    elif kind in _DRIVERS and variables and (only := _only_driver(site)):
        # A default for development that the requirements have no driver for.
        kind, name = only[0], None
        evidence.insert(0, Evidence(only[1].location, f"the only driver is {only[1].note}"))
    fact = DatabaseFact(alias, kind, name, variables, _tls(site))  # type: ignore[arg-type]
    return Fact(fact, tuple(evidence))


def _tls(site: Site) -> bool:
    """Which branch insists on it is seldom known before there is a database."""
    return any(_TLS.search(site.tree.read(path) or "") for path in site.settings.files)


def engine(backend: str | None) -> str | None:
    """The kind of database behind a back end's dotted name."""
    if not backend or backend.endswith(".dummy"):
        return None
    return next((kind for pattern, kind in _ENGINES if pattern.search(backend)), "other")


def _by_driver(site: Site) -> Fact[DatabaseFact] | None:
    setting = site.settings.settings.get("DATABASES")
    if setting is None and not site.settings.raises:
        return None
    only = _only_driver(site)
    variables = setting.variables if setting else ()
    if only is None or (_may_be_sqlite(site) and not _is_demanded(site, variables)):
        return None
    kind, driver = only
    fact = DatabaseFact("default", kind, None, variables, _tls(site))  # type: ignore[arg-type]
    return Fact(fact, (Evidence(driver.location, f"the only driver is {driver.note}"),))


def _only_driver(site: Site) -> tuple[str, Evidence] | None:
    drivers = [(kind, d) for kind, names in _DRIVERS.items() if (d := site.has(*names))]
    return drivers[0] if len(drivers) == 1 else None


def _may_be_sqlite(site: Site) -> bool:
    """SQLite needs no driver: where the settings name it, it may be what they mean."""
    return any("sqlite" in (site.tree.read(path) or "") for path in site.settings.files)


def _is_demanded(site: Site, variables: tuple[str, ...]) -> bool:
    """The settings do without a default: whoever deploys has to name a database server."""
    return any(v.required and v.name in variables for v in site.settings.variables)


def cache_backend(site: Site) -> Fact[str] | None:
    """The back end of CACHES["default"]."""
    caches = site.value("CACHES")
    default = caches.get("default") if isinstance(caches, Mapping) else None
    backend = default.get("BACKEND") if isinstance(default, Mapping) else None
    if not isinstance(backend, str):
        return None
    return Fact(backend, (site.at("CACHES"),))
