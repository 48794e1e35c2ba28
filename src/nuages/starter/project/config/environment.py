"""Reading the environment. An empty variable is as good as an unset one."""

import hashlib
import os
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from django.core.exceptions import ImproperlyConfigured
from environ import Env

ON = ("1", "on", "true", "yes", "y", "t")
OFF = ("0", "off", "false", "no", "n", "f", "none")
ENGINES = {"postgres": "postgresql", "mariadb": "mysql", "sqlite": "sqlite3"}


def text(*names: str, default: str = "") -> str:
    """The first of these variables that has a value."""
    for name in names:
        value = os.environ.get(name, "").strip()
        if value:
            return value
    return default


def required(name: str, other: str) -> str:
    """A secret that nothing can stand in for, under either of its customary names."""
    if other in os.environ:
        os.environ[name] = text(name, other)
    if not text(name):
        raise ImproperlyConfigured(f"Set the environment variable {name}.")
    return text(name)


def flag(name: str, default: bool) -> bool:
    """A switch; a word that is neither on nor off is an error, not a guess."""
    value = text(name).lower()
    if value and value not in ON + OFF:
        raise ImproperlyConfigured(f"{name}={value}: say on or off.")
    return value in ON if value else default


def number(name: str, default: int) -> int:
    """A whole number."""
    value = text(name)
    try:
        return int(value) if value else default
    except ValueError:
        raise ImproperlyConfigured(f"{name}={value}: a whole number is needed.") from None


def items(*names: str) -> list[str]:
    """All that these variables list, separated by commas or spaces, each once."""
    words = [word for name in names for word in text(name).replace(",", " ").split()]
    return list(dict.fromkeys(words))


def hosts(*names: str) -> list[str]:
    """Bare host names: people write https://example.com/ or a port where a host is meant."""
    bare = [item.rpartition("://")[2].partition("/")[0] for item in items(*names)]
    return list(dict.fromkeys(host.partition(":")[0] for host in bare))


def database(default: str = "", conn_max_age: int = 60) -> dict[str, Any]:
    """DATABASES["default"]: by URL, or by parts; without either none, never a file by surprise."""
    url = text("DATABASE_URL", "DEFAULT_DATABASE_DSN", "DEFAULT_DATABASE_URL")
    parts = None if url else _parts()
    if not (parts or url or default):
        return {"ENGINE": "django.db.backends.dummy"}
    found = parts or Env.db_url_config((url or default).replace("mariadb://", "mysql://", 1))
    found["HOST"] = unquote(str(found.get("HOST", "")))
    options = dict(found.get("OPTIONS", {}))
    if "sqlite" not in found["ENGINE"]:
        options.setdefault("connect_timeout", 10)
    if text("DB_TLS") == "require" and "mysql" in found["ENGINE"]:
        options["ssl_mode"] = "REQUIRED"
    elif text("DB_TLS") == "require":
        options.setdefault("sslmode", "require")
    # A pool of connections and persistent connections exclude each other.
    max_age = 0 if options.get("pool") else number("CONN_MAX_AGE", conn_max_age)
    checks = flag("CONN_HEALTH_CHECKS", True)
    return found | {"CONN_MAX_AGE": max_age, "CONN_HEALTH_CHECKS": checks, "OPTIONS": options}


def _parts() -> dict[str, Any] | None:
    instance = text("CLOUD_SQL_CONNECTION_NAME", "INSTANCE_CONNECTION_NAME")
    host = text("DB_HOST", default=f"/cloudsql/{instance}" if instance else "")
    if not (host or text("DB_NAME")):
        return None
    engine = text("DB_ENGINE", default="postgresql")
    engine = ENGINES.get(engine, engine)
    parts = {name: text(f"DB_{name}") for name in ("NAME", "USER", "PASSWORD", "PORT")}
    engine = engine if "." in engine else f"django.db.backends.{engine}"
    return {"ENGINE": engine, "HOST": host, **parts}


def redis_url() -> str:
    """CACHE_URL or REDIS_URL, or REDIS_HOST with REDIS_PORT; empty when there is no server."""
    host = text("REDIS_HOST")
    parts = f"redis://{host}:{text('REDIS_PORT', default='6379')}/0" if host else ""
    scheme, separator, rest = text("CACHE_URL", "REDIS_URL", default=parts).partition("://")
    scheme = scheme.replace("valkey", "redis").replace("rediscache", "redis")
    if scheme == "rediss" and text("REDIS_CA"):
        options = _trusting(text("REDIS_CA"))
        return f"{scheme}{separator}{rest}{'&' if '?' in rest else '?'}{options}"
    return scheme + separator + rest if scheme in ("redis", "rediss", "unix") else ""


def _trusting(authority: str) -> str:
    """A server with an authority of its own, which signs no other; redis-py wants it as a file."""
    name = f"redis-ca-{hashlib.sha256(authority.encode()).hexdigest()[:16]}.pem"
    path = Path(tempfile.gettempdir()) / name
    handle, fresh = tempfile.mkstemp()
    with os.fdopen(handle, "w") as file:
        file.write(authority + "\n")
    Path(fresh).replace(path)
    return f"ssl_cert_reqs=required&ssl_ca_certs={path}&ssl_check_hostname=false"
