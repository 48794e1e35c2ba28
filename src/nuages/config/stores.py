"""The database, the cache and the storage of uploads."""

from __future__ import annotations

from collections.abc import Mapping

from nuages.config.inputs import Inputs
from nuages.model import Cache, Database, Engine, Storage
from nuages.project.facts import DatabaseFact

_VERSIONS = {"postgresql": "17", "mysql": "8.4", "sqlite": "3"}
_CACHE_VERSIONS = {"redis": "7", "valkey": "8"}
_DATABASE_URLS = frozenset({"DATABASE_URL", "DEFAULT_DATABASE_DSN"})
_REDIS_USERS = frozenset({"channels-redis", "django-rq", "huey"})
MEDIA = "media"
CONNECTION = "CONNECTION_NAME"
"""Ends the name of a variable that says which socket to take."""


def database(inputs: Inputs) -> Database | None:
    """The main database; None where there is none or where it is not ours to run.

    Raises ``ConfigError`` for what the chosen engine cannot do.
    """
    engine = _engine(inputs)
    if engine is None:
        return None
    said = inputs.database
    identifier = inputs.name.replace("-", "_")[:32].rstrip("_")
    extensions = _extensions(inputs, engine)
    _refuse(inputs, engine)
    available = said.high_availability
    return Database(
        engine=engine,
        version=said.version or _VERSIONS[engine],
        name=said.name or identifier,
        user=said.user or identifier,
        tier=said.tier,
        extensions=extensions,
        pooler=bool(said.pooler),
        high_availability=inputs.profile.high_availability if available is None else available,
        disk=said.disk or inputs.profile.disk,
        max_connections=said.max_connections,
        backups=True if said.backups is None else said.backups,
        tls=insists_on_tls(inputs),
        flags=dict(said.flags or {}),
        existing=said.existing,
        socket=_wants_socket(inputs) if said.socket is None else said.socket,
    )


def _wants_socket(inputs: Inputs) -> bool:
    """Whether the project's own settings know the database by its connection name alone."""
    return any(v.name.endswith(CONNECTION) and v.required for v in inputs.project.contract)


def insists_on_tls(inputs: Inputs) -> bool:
    return any(fact.value.tls for fact in inputs.project.databases)


def _engine(inputs: Inputs) -> Engine | None:
    if inputs.database.type is not None:
        return None if inputs.database.type == "none" else inputs.database.type
    fact = default_database(inputs)
    if fact is None:
        known = inputs.settings.get("DATABASES")
        has_none = known is not None and known.state == "known" and not known.partial
        return None if has_none and not known_value(inputs, "DATABASES") else "postgresql"
    if fact.engine in ("oracle", "other"):
        return None
    if fact.engine == "mysql":
        return "mysql"
    if inputs.private and (is_made_for_sqlite(fact) or _tunes_sqlite(inputs)):
        return "sqlite"
    return "postgresql"


def default_database(inputs: Inputs) -> DatabaseFact | None:
    """DATABASES["default"] as it was found."""
    found = (fact.value for fact in inputs.project.databases)
    return next((fact for fact in found if fact.alias == "default"), None)


def is_made_for_sqlite(fact: DatabaseFact) -> bool:
    """SQLite, and no URL could make it anything else."""
    return fact.engine == "sqlite" and not _DATABASE_URLS & set(fact.variables)


def _tunes_sqlite(inputs: Inputs) -> bool:
    """Whether the connection's options are those of SQLite, whatever the URL may be.

    Source: https://docs.djangoproject.com/en/stable/ref/databases/#sqlite-notes
    """
    found = inputs.settings.get("DATABASES")
    entries = found.value if found is not None else None
    default = entries.get("default") if isinstance(entries, Mapping) else None
    options = default.get("OPTIONS") if isinstance(default, Mapping) else None
    if not isinstance(options, Mapping):
        return False
    return "transaction_mode" in options or "pragma" in str(options.get("init_command")).lower()


def known_value(inputs: Inputs, name: str) -> object:
    """The value of a setting that is certain, else None."""
    setting = inputs.settings.get(name)
    return setting.value if setting and setting.state == "known" else None


def _extensions(inputs: Inputs, engine: Engine) -> tuple[str, ...]:
    extensions = inputs.database.extensions or ()
    if extensions and engine != "postgresql":
        hint = "extensions belong to PostgreSQL: remove them, or use type: postgresql"
        raise inputs.error(("database", "extensions"), f"{engine} has no extensions", hint)
    fact = default_database(inputs)
    if engine == "postgresql" and fact and "postgis" in (fact.backend or ""):
        extensions = tuple(dict.fromkeys((*extensions, "postgis")))
    return extensions


def _refuse(inputs: Inputs, engine: Engine) -> None:
    said = inputs.database
    if engine == "sqlite" and said.high_availability:
        hint = "a file cannot be in two zones: use type: postgresql"
        raise inputs.error(("database", "high_availability"), "sqlite has no standby", hint)
    if said.pooler and not inputs.provider.pooler:
        message = f"none is made on {inputs.provider.name}, and none counted on"
        hint = "remove it: processes and threads are fitted to the server's connections"
        raise inputs.error(("database", "pooler"), message, hint)
    if said.pooler and engine != "postgresql":
        hint = "remove it, or use type: postgresql"
        raise inputs.error(("database", "pooler"), f"{engine} has no pooler here", hint)


def cache(inputs: Inputs) -> Cache | None:
    """A cache server: where nuages.yaml or the profile wants one, or the project needs it."""
    said = inputs.cache
    wanted = inputs.manifest.cache is not None or _needs_cache(inputs)
    if said.type == "none" or not wanted or _can_be_spared(inputs):
        return None
    engine = said.type or "redis"
    available = said.high_availability
    return Cache(
        engine=engine,
        version=said.version or _CACHE_VERSIONS[engine],
        size=said.size or inputs.profile.cache_size,
        high_availability=inputs.profile.high_availability if available is None else available,
    )


def _needs_cache(inputs: Inputs) -> bool:
    project = inputs.project
    backend = project.cache_backend.value.lower() if project.cache_backend else ""
    return (
        inputs.profile.cache or "redis" in backend or "valkey" in backend or _needs_broker(inputs)
    )


def _needs_broker(inputs: Inputs) -> bool:
    return inputs.project.celery is not None or inputs.has(*_REDIS_USERS)


def _can_be_spared(inputs: Inputs) -> bool:
    """An optional one in the small profile, where even the smallest server is billed all month."""
    spared = inputs.cache.optional and inputs.provider.by_the_hour and not inputs.profile.cache
    return bool(spared) and not _needs_broker(inputs)


def storage(inputs: Inputs) -> Storage | None:
    """Where uploads go; None where the project has none and nuages.yaml does not ask."""
    said = inputs.storage
    wanted = inputs.manifest.storage is not None or bool(inputs.project.media_fields)
    if said.type == "none" or not wanted:
        return None
    kind = said.type or inputs.provider.storage
    if said.mount and kind == "local":
        message = "there is no bucket to mount in local storage"
        raise inputs.error(("storage", "mount"), message, "name a type of bucket, or remove it")
    bucket = "" if kind == "local" else f"{inputs.name}-{said.bucket or MEDIA}"
    return Storage(kind=kind, bucket=bucket, public=bool(said.public), mount=said.mount)
