"""Databases, out of a URL (DSN) or of one variable for each part."""

import ssl
from urllib.parse import unquote

import dj_database_url

from .environment import flag, number, text

ENGINES = {
    "postgres": "django.db.backends.postgresql",
    "postgresql": "django.db.backends.postgresql",
    "mysql": "django.db.backends.mysql",
    "mariadb": "django.db.backends.mysql",
    "sqlite": "django.db.backends.sqlite3",
    "sqlite3": "django.db.backends.sqlite3",
}
KEPT = ("ATOMIC_REQUESTS", "DISABLE_SERVER_SIDE_CURSORS", "TIME_ZONE", "TEST")


def databases(current, aliases, conn_max_age, server):
    """DATABASES with what the environment says in the place of the project's own.

    With ``server``, a production without a configured database has none, and says so at the
    first query: it never falls back to an SQLite file that goes with the container.
    """
    result = dict(current)
    for alias in dict.fromkeys([*aliases, *result]):
        own = dict(result.get(alias) or {})
        found = _from_url(alias) or (_from_parts(own) if alias == "default" else None)
        if found:
            result[alias] = _merged(own, found, number("CONN_MAX_AGE", conn_max_age))
        elif server and alias == "default" and _family(own.get("ENGINE") or "sqlite") == "sqlite":
            result[alias] = {"ENGINE": "django.db.backends.dummy"}
    return result


def _from_url(alias):
    names = [alias.upper() + "_DATABASE_DSN", alias.upper() + "_DATABASE_URL"]
    url = text(*(["DATABASE_URL"] + names if alias == "default" else names))
    if not url:
        return None
    found = dj_database_url.parse(url)
    # What old releases of the library leave as it was.
    found["ENGINE"] = found["ENGINE"].replace("_psycopg2", "")
    found["HOST"] = unquote(found["HOST"] or "")
    return found


def _from_parts(own):
    """DB_NAME, DB_USER, DB_PASSWORD, DB_HOST (also a socket's folder), DB_PORT, DB_ENGINE."""
    instance = text("CLOUD_SQL_CONNECTION_NAME", "INSTANCE_CONNECTION_NAME")
    host = text("DB_HOST", default="/cloudsql/" + instance if instance else "")
    if not (host or text("DB_NAME")):
        return None
    engine = text("DB_ENGINE", default=own.get("ENGINE") or "")
    if not text("DB_ENGINE") and _family(engine) in ("sqlite", ""):
        engine = "postgresql"
    return {
        "ENGINE": ENGINES.get(engine, engine),
        "NAME": text("DB_NAME", default=own.get("NAME", "")),
        "USER": text("DB_USER", default=own.get("USER", "")),
        "PASSWORD": text("DB_PASSWORD", default=own.get("PASSWORD", "")),
        "HOST": host,
        "PORT": text("DB_PORT"),
    }


def _merged(own, found, conn_max_age):
    """The connection as found; the project's own back end and options if of the same family."""
    same = _family(own.get("ENGINE") or "") == _family(found["ENGINE"])
    kept = {name: own[name] for name in KEPT if name in own}
    options = dict(own.get("OPTIONS") or {}) if same else {}
    options.update(found.get("OPTIONS") or {})
    if _family(found["ENGINE"]) in ("postgresql", "mysql"):
        options.setdefault("connect_timeout", 10)
    if text("DB_TLS") == "require":
        options.update(_encrypted(found["ENGINE"], options))
    merged = dict(kept, **found)
    merged["ENGINE"] = own["ENGINE"] if same else found["ENGINE"]
    # A pool of connections (Django 5.1) and persistent connections exclude each other.
    merged["CONN_MAX_AGE"] = 0 if options.get("pool") else conn_max_age
    merged["CONN_HEALTH_CHECKS"] = flag("CONN_HEALTH_CHECKS", True)
    merged["OPTIONS"] = options
    return merged


def _encrypted(engine, options):
    """What makes the driver refuse to speak in plain; PostgreSQL's may be told to be stricter."""
    if _family(engine) == "postgresql":
        return {"sslmode": options.get("sslmode", "require")}
    if "connector" in engine or "ssl" in options:
        return {}  # MySQL's own driver encrypts unless it is told not to
    import MySQLdb

    if MySQLdb.__name__ == "MySQLdb":
        return {"ssl_mode": options.pop("ssl_mode", "REQUIRED")}
    options.pop("ssl_mode", None)
    # PyMySQL in its place. The server's authority is its own: that nobody listens is what counts.
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return {"ssl": context}


def _family(engine):
    for family, words in (
        ("postgresql", ("postg", "psycopg")),
        ("mysql", ("mysql", "mariadb")),
        ("sqlite", ("sqlite", "spatialite")),
    ):
        if any(word in engine for word in words):
            return family
    return engine
