"""URLs that describe a database, a cache or a mail server, as dj-database-url and friends."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs, unquote, urlparse, urlsplit

ENGINES = {
    "sqlite": "django.db.backends.sqlite3",
    "spatialite": "django.contrib.gis.db.backends.spatialite",
    "postgres": "django.db.backends.postgresql",
    "postgresql": "django.db.backends.postgresql",
    "pgsql": "django.db.backends.postgresql",
    "postgis": "django.contrib.gis.db.backends.postgis",
    "redshift": "django_redshift_backend",
    "timescale": "timescale.db.backends.postgresql",
    "timescalegis": "timescale.db.backends.postgis",
    "cockroach": "django_cockroachdb",
    "mysql": "django.db.backends.mysql",
    "mysql2": "django.db.backends.mysql",
    "mysql-connector": "mysql.connector.django",
    "mysqlgis": "django.contrib.gis.db.backends.mysql",
    "oracle": "django.db.backends.oracle",
    "oraclegis": "django.contrib.gis.db.backends.oracle",
    "mssql": "sql_server.pyodbc",
    "mssqlms": "mssql",
}
POSTGRESQL = ("postgres", "postgresql", "pgsql", "postgis", "redshift", "timescale", "timescalegis")


def database(
    url: str,
    engine: str | None = None,
    conn_max_age: int | None = 0,
    conn_health_checks: bool = False,
    disable_server_side_cursors: bool = False,
    ssl_require: bool = False,
    test_options: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """``dj_database_url.parse``; raises ValueError for a scheme that it does not know."""
    if url == "sqlite://:memory:":
        return {"ENGINE": ENGINES["sqlite"], "NAME": ":memory:"}
    parts = urlsplit(url)
    if parts.scheme not in ENGINES:
        raise ValueError(f"Scheme '{parts.scheme}://' is unknown.")
    options = {key: _option(found) for key, found in parse_qs(parts.query).items()}
    config: dict[str, Any] = {
        "ENGINE": ENGINES[parts.scheme],
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": parts.port or "",
        "NAME": unquote(parts.path[1:]),
        "OPTIONS": options,
    }
    _by_scheme(parts.scheme, config, options)
    if ssl_require:
        options["sslmode"] = "require"
    if not options:
        del config["OPTIONS"]
    config |= {
        "CONN_MAX_AGE": conn_max_age,
        "CONN_HEALTH_CHECKS": conn_health_checks,
        "DISABLE_SERVER_SIDE_CURSORS": disable_server_side_cursors,
    }
    config |= {"ENGINE": engine} if engine else {}
    return config | ({"TEST": test_options} if test_options else {})


def _by_scheme(scheme: str, config: dict[str, Any], options: dict[str, Any]) -> None:
    if scheme == "sqlite" and not config["NAME"]:
        config["NAME"] = ":memory:"
    if scheme in ("oracle", "mssql", "mssqlms"):
        config["PORT"] = str(config["PORT"])
    if scheme in ("mysql", "mysql2") and options.get("ssl-ca"):
        options["ssl"] = {"ca": options.pop("ssl-ca")}
    if scheme in POSTGRESQL and options.get("currentSchema"):
        options["options"] = f"-c search_path={options.pop('currentSchema')}"


def _option(values: list[str]) -> Any:
    parsed = [_typed(value) for value in values]
    return parsed[0] if len(parsed) == 1 else parsed


def _typed(value: str) -> Any:
    if value.isdigit():
        return int(value)
    return value.lower() == "true" if value.lower() in ("true", "false") else value


MAIL = {
    "smtp": "smtp",
    "submission": "smtp",
    "submit": "smtp",
    "smtps": "smtp",
    "console": "console",
    "file": "filebased",
    "memory": "locmem",
    "dummy": "dummy",
}
TRUE = ("1", "y", "yes", "t", "true", "on")


def email(url: str) -> dict[str, Any]:
    """``dj_email_url.parse``."""
    parts = urlparse(url)
    query = parse_qs(parts.query)
    config: dict[str, Any] = {
        "EMAIL_FILE_PATH": parts.path[1:],
        "EMAIL_HOST_USER": unquote(parts.username) if parts.username else parts.username,
        "EMAIL_HOST_PASSWORD": unquote(parts.password) if parts.password else parts.password,
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port,
        "EMAIL_USE_SSL": False,
        "EMAIL_USE_TLS": parts.scheme in ("smtps", "submission", "submit"),
        "EMAIL_TIMEOUT": int(query["timeout"][0]) if "timeout" in query else None,
    }
    if parts.scheme in MAIL:
        config["EMAIL_BACKEND"] = f"django.core.mail.backends.{MAIL[parts.scheme]}.EmailBackend"
    if parts.scheme == "smtp":
        config["EMAIL_HOST"] = config["EMAIL_HOST"] or "localhost"
    port = {"smtp": 25, "submission": 587, "submit": 587}.get(parts.scheme)
    config["EMAIL_PORT"] = config["EMAIL_PORT"] or port
    for name, kind in (("tls", (False, True)), ("ssl", (True, False))):
        if query.get(name, [""])[0].lower() in TRUE:
            config["EMAIL_USE_SSL"], config["EMAIL_USE_TLS"] = kind
    for name, key in (
        ("_server_email", "SERVER_EMAIL"),
        ("_default_from_email", "DEFAULT_FROM_EMAIL"),
    ):
        if name in query:
            config[key] = query[name][0]
    return config


REDIS = "django.core.cache.backends.redis.RedisCache"
CACHES = {
    "db": "django.core.cache.backends.db.DatabaseCache",
    "dummy": "django.core.cache.backends.dummy.DummyCache",
    "elasticache": "django_elasticache.memcached.ElastiCache",
    "file": "django.core.cache.backends.filebased.FileBasedCache",
    "locmem": "django.core.cache.backends.locmem.LocMemCache",
    "uwsgicache": "uwsgicache.UWSGICache",
    "memcached": "django.core.cache.backends.memcached.PyLibMCCache",
    "djangopylibmc": "django_pylibmc.memcached.PyLibMCCache",
    "pymemcached": "django.core.cache.backends.memcached.MemcachedCache",
    "pymemcache": "django.core.cache.backends.memcached.PyMemcacheCache",
    "redis": REDIS,
    "rediss": REDIS,
    "hiredis": REDIS,
}


def cache(url: str) -> dict[str, Any]:
    """``django_cache_url.parse``; raises ValueError for a scheme that it does not know."""
    parts = urlparse(url)
    arguments: dict[str, Any] = {
        key.upper(): ";".join(found) for key, found in parse_qs(parts.query).items()
    }
    if parts.scheme not in CACHES:
        raise ValueError(f'Unknown backend: "{parts.scheme}"')
    config: dict[str, Any] = {"BACKEND": CACHES[parts.scheme], "LOCATION": _location(parts)}
    options: dict[str, Any] = {}
    if parts.scheme == "hiredis":
        options["PARSER_CLASS"] = "redis.connection.HiredisParser"
    if parts.scheme == "uwsgicache":
        config["LOCATION"] = config["LOCATION"] or "default"
    for key in ("MAX_ENTRIES", "CULL_FREQUENCY"):
        if key in arguments:
            options[key] = int(arguments.pop(key))
    return {**config, **({"OPTIONS": options} if options else {}), **arguments}


def _location(parts: Any) -> str:
    redis = parts.scheme in ("redis", "rediss", "hiredis")
    if not parts.netloc:
        if "memcache" in parts.scheme or parts.scheme == "djangopylibmc":
            return f"unix://{parts.path}"
        if redis and parts.scheme != "rediss":
            numbered = re.match(r".+?(\d+)", parts.path)
            path = parts.path[: parts.path.rfind("/")] if numbered else parts.path
            return f"unix://{path}?db={numbered[1] if numbered else '0'}"
        return str(parts.path)
    if not redis:
        return ";".join(parts.netloc.split(","))
    scheme = "rediss" if parts.scheme == "rediss" else "redis"
    secret = f":{parts.password}@" if parts.password else ""
    return f"{scheme}://{secret}{parts.hostname}:{parts.port or 6379}/{parts.path[1:] or '0'}"
