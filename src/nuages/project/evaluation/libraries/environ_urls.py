"""URLs that describe a service, as django-environ reads them (0.11 to 0.14)."""

from __future__ import annotations

import ast
import itertools
from typing import Any
from urllib.parse import ParseResult, parse_qs, quote, unquote, unquote_plus, urlparse, urlunparse

from nuages.project.evaluation.signals import ImproperlyConfigured

_POSTGRESQL = "django.db.backends.postgresql"
DATABASES = {
    "postgres": _POSTGRESQL,
    "postgresql": _POSTGRESQL,
    "psql": _POSTGRESQL,
    "pgsql": _POSTGRESQL,
    "postgis": "django.contrib.gis.db.backends.postgis",
    "prometheus_postgresql": "django_prometheus.db.backends.postgresql",
    "prometheus_postgis": "django_prometheus.db.backends.postgis",
    "cockroachdb": "django_cockroachdb",
    "mysql": "django.db.backends.mysql",
    "mysql2": "django.db.backends.mysql",
    "mysql-connector": "mysql.connector.django",
    "mysqlgis": "django.contrib.gis.db.backends.mysql",
    "prometheus_mysql": "django_prometheus.db.backends.mysql",
    "mssql": "mssql",
    "oracle": "django.db.backends.oracle",
    "pyodbc": "sql_server.pyodbc",
    "redshift": "django_redshift_backend",
    "spatialite": "django.contrib.gis.db.backends.spatialite",
    "prometheus_spatialite": "django_prometheus.db.backends.spatialite",
    "sqlite": "django.db.backends.sqlite3",
    "prometheus_sqlite": "django_prometheus.db.backends.sqlite3",
    "ldap": "ldapdb.backends.ldap",
}
FAMILY = ("postgres", "postgresql", "psql", "pgsql", "postgis", "prometheus_postgresql",
          "prometheus_postgis")  # fmt: skip
BASE = ("CONN_MAX_AGE", "ATOMIC_REQUESTS", "AUTOCOMMIT", "DISABLE_SERVER_SIDE_CURSORS",
        "CONN_HEALTH_CHECKS")  # fmt: skip


def literal(text: str) -> Any:
    """Return a Python literal, or the text itself."""
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return text


def number(value: Any) -> Any:
    """Return an int where the text is digits."""
    return int(value) if hasattr(value, "isdigit") and value.isdigit() else value


def _quoted(url: str) -> ParseResult:
    return urlparse(quote(url, safe=":/?&=@"))


def database(url: Any, engine: str | None = None) -> dict[str, Any]:
    """``Env.db_url_config``."""
    if url == "sqlite://:memory:":
        return {"ENGINE": DATABASES["sqlite"], "NAME": ":memory:"}
    try:
        parts = url if isinstance(url, ParseResult) else urlparse(url)
    except ValueError:
        parts = _quoted(url)
    if not parts.path:
        parts = _quoted(urlunparse(parts))
    path = unquote_plus(parts.path[1:].split("?", 2)[0])
    if parts.scheme == "sqlite" and path == "":
        path = ":memory:"
    if parts.scheme == "ldap":
        path = f"ldap://{parts.hostname}" + (f":{parts.port}" if parts.port else "")
    host, port = _hosts(parts)
    config: dict[str, Any] = {
        "NAME": path or "",
        "USER": unquote(parts.username) if parts.username else "",
        "PASSWORD": unquote(parts.password) if parts.password else "",
        "HOST": host or "",
        "PORT": number(port) or "",
    }
    if path.startswith("/") and (parts.scheme in FAMILY or "cloudsql" in path):
        config["HOST"], config["NAME"] = path.rsplit("/", 1)
    if parts.scheme == "oracle":
        _oracle(config, path)
    if parts.query:
        _options(config, parts.query)
    config["ENGINE"] = DATABASES.get(engine or parts.scheme, engine or parts.scheme)
    return config if config["ENGINE"] else {}


def _hosts(parts: ParseResult) -> tuple[Any, Any]:
    netloc = unquote(parts.netloc.rsplit("@", 1)[-1])
    if parts.scheme not in FAMILY or "," not in netloc:
        return parts.hostname, parts.port
    pairs = []
    for host in netloc.split(","):
        name, colon, port = host.rpartition(":")
        pairs.append((name, port) if colon and port.isdigit() else (host, ""))
    names, ports = itertools.zip_longest(*pairs)
    return ",".join(names), ",".join(filter(None, ports))


def _oracle(config: dict[str, Any], path: str) -> None:
    if path == "":
        config["NAME"], config["HOST"] = config["HOST"], ""
    if config["PORT"]:
        config["PORT"] = str(config["PORT"])
    else:
        del config["PORT"]


def _options(config: dict[str, Any], query: str) -> None:
    options = {}
    for key, values in parse_qs(query).items():
        if key.upper() in BASE:
            config[key.upper()] = literal(values[0])
        else:
            options[key] = number(values[0])
    config["OPTIONS"] = options


CACHES = {
    "dbcache": "django.core.cache.backends.db.DatabaseCache",
    "dummycache": "django.core.cache.backends.dummy.DummyCache",
    "filecache": "django.core.cache.backends.filebased.FileBasedCache",
    "locmemcache": "django.core.cache.backends.locmem.LocMemCache",
    "memcache": "django.core.cache.backends.memcached.MemcachedCache",
    "pymemcache": "django.core.cache.backends.memcached.PyLibMCCache",
    "pylibmc": "django.core.cache.backends.memcached.PyLibMCCache",
}
REDIS = ("rediscache", "redis", "rediss", "valkey", "valkeys")
CACHE_BASE = ("TIMEOUT", "KEY_PREFIX", "VERSION", "KEY_FUNCTION", "BINARY")
BUILT_IN = "django.core.cache.backends.redis.RedisCache"


def cache(url: Any, backend: str | None = None, redis: str = BUILT_IN) -> dict[str, Any]:
    """``Env.cache_url_config``; ``redis`` is the back end for Redis's schemes."""
    parts = url if isinstance(url, ParseResult) else urlparse(url)
    backends = {**CACHES, **dict.fromkeys(REDIS, redis)}
    if not parts.geturl():
        return {}
    if parts.scheme not in backends:
        raise ImproperlyConfigured(f"Invalid cache schema {parts.scheme}")
    config: dict[str, Any] = {"BACKEND": backend or backends[parts.scheme]}
    config["LOCATION"] = _cache_location(parts)
    if parts.query:
        options: dict[str, Any] = {}
        lower = config["BACKEND"] == BUILT_IN
        for key, values in parse_qs(parts.query).items():
            found = {key.lower() if lower else key.upper(): literal(values[0])}
            (config if key.upper() in CACHE_BASE else options).update(found)
        config["OPTIONS"] = options
    return config


def _cache_location(parts: ParseResult) -> Any:
    if parts.scheme == "filecache":
        return parts.netloc + parts.path
    if not parts.netloc and parts.scheme in ("memcache", "pymemcache"):
        return f"unix:{parts.path}"
    hosts = parts.netloc.split(",")
    if parts.scheme.startswith("redis"):
        scheme = parts.scheme.replace("cache", "") if parts.hostname else "unix"
        hosts = [f"{scheme}://{host}{parts.path}" for host in hosts]
    return hosts[0] if len(hosts) == 1 else hosts


MAIL = {
    "smtp": "smtp",
    "smtps": "smtp",
    "smtp+tls": "smtp",
    "smtp+ssl": "smtp",
    "consolemail": "console",
    "filemail": "filebased",
    "memorymail": "locmem",
    "dummymail": "dummy",
}


def email(url: Any, backend: str | None = None) -> dict[str, Any]:
    """``Env.email_url_config``."""
    parts = url if isinstance(url, ParseResult) else urlparse(url)
    config: dict[str, Any] = {
        "EMAIL_FILE_PATH": unquote_plus(parts.path[1:].split("?", 2)[0]),
        "EMAIL_HOST_USER": unquote(parts.username) if parts.username else parts.username,
        "EMAIL_HOST_PASSWORD": unquote(parts.password) if parts.password else parts.password,
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port,
    }
    if not backend and parts.scheme not in MAIL:
        raise ImproperlyConfigured(f"Invalid email schema {parts.scheme}")
    kind = MAIL.get(parts.scheme, "")
    config["EMAIL_BACKEND"] = backend or f"django.core.mail.backends.{kind}.EmailBackend"
    if parts.scheme in ("smtps", "smtp+tls"):
        config["EMAIL_USE_TLS"] = True
    elif parts.scheme == "smtp+ssl":
        config["EMAIL_USE_SSL"] = True
    if parts.query:
        options: dict[str, Any] = {}
        for key, values in parse_qs(parts.query).items():
            found = {key.upper(): number(values[0])}
            base = key.upper() in ("EMAIL_USE_TLS", "EMAIL_USE_SSL")
            (config if base else options).update(found)
        config["OPTIONS"] = options
    return config


def channels(url: Any, backend: str | None = None) -> dict[str, Any]:
    """``Env.channels_url_config``."""
    parts = url if isinstance(url, ParseResult) else urlparse(url)
    kinds = {
        "inmemory": "channels.layers.InMemoryChannelLayer",
        "redis": "channels_redis.core.RedisChannelLayer",
        "rediss": "channels_redis.core.RedisChannelLayer",
        "redis+pubsub": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "rediss+pubsub": "channels_redis.pubsub.RedisPubSubChannelLayer",
    }
    if not backend and parts.scheme not in kinds:
        raise ImproperlyConfigured(f"Invalid channels schema {parts.scheme}")
    config: dict[str, Any] = {"BACKEND": backend or kinds[parts.scheme]}
    if parts.scheme.startswith("redis") and not backend:
        scheme = parts.scheme.split("+")[0]
        config["CONFIG"] = {"hosts": [parts._replace(scheme=scheme).geturl()]}
    return config
