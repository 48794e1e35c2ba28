"""How connections live: for how long, through which pool, in which kind of process."""

from __future__ import annotations

import ast
import re

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.topics.database.known import (
    DATABASES,
    SETTINGS,
    Entry,
    asgi,
    default,
    entries,
    pools,
    servers,
)
from nuages.text import Location

_PERSISTENT = f"{DATABASES}/#persistent-connections"
_ASGI = """\
domain: shop.example.com
server:
  type: uvicorn
env_vars:
  AWS_STORAGE_BUCKET_NAME: uploads
"""
_POOLED = "domain: shop.example.com\ndatabase:\n  pooler: {}\nenv_vars:\n" + (
    "  AWS_STORAGE_BUCKET_NAME: uploads\n"
)
_POOLERS = re.compile(r"pgbouncer|pgcat|odyssey|supavisor|pgpool", re.IGNORECASE)
_POOL = "DATABASES['default']['OPTIONS']['pool'] = True\n"
_CURSORS = "DISABLE_SERVER_SIDE_CURSORS"
_VIEWS = re.compile(r"(?:^|/)(?:views|api|endpoints)(?:/|\.py$|_\w+\.py$)|views?\.py$")


@rule(
    "DB012",
    severity="warning",
    title="Each request opens a connection of its own",
    why="CONN_MAX_AGE is 0 unless it is set: each request pays for a connection, with TLS and "
    "login, before its first query. Under load the database is busy with logins.",
    symptom="Some 5 to 50 ms more for each page; too many connections in a burst.",
    fix="Write `CONN_MAX_AGE = 60` and `CONN_HEALTH_CHECKS = True` in the entry of DATABASES.",
    url=_PERSISTENT,
    mistake={"settings.py": "DATABASES['default']['CONN_MAX_AGE'] = 0"},
    fixed={"settings.py": "DATABASES['default']['CONN_MAX_AGE'] = 60"},
    repaired_by="database",
)
def short_lived(production: Production) -> Faults:
    entry = default(production)
    if entry is None or entry not in servers(production) or asgi(production):
        return
    if entry.get("CONN_MAX_AGE", 0) != 0 or pools(entry) or _pooler(production):
        return
    said = "CONN_MAX_AGE is 0" if "CONN_MAX_AGE" in entry.values else "CONN_MAX_AGE is not set"
    yield Fault(f"{said}: a new connection for each request", entry.at("CONN_MAX_AGE"))


@rule(
    "DB013",
    severity="warning",
    title="A connection that died is used again",
    why="A connection that is kept outlives a restart of the database, a failover or a firewall's "
    "patience. The next request in each thread takes it and fails.",
    symptom="OperationalError: server closed the connection unexpectedly; (2006, 'MySQL server "
    "has gone away') for a while after maintenance.",
    fix="Write `CONN_HEALTH_CHECKS = True` beside CONN_MAX_AGE; it costs one small query for each "
    "request that uses the database.",
    url=f"{SETTINGS}/#conn-health-checks",
    mistake={"settings.py": "DATABASES['default']['CONN_HEALTH_CHECKS'] = False"},
    fixed={"settings.py": "DATABASES['default']['CONN_HEALTH_CHECKS'] = True"},
    repaired_by="database",
)
def unchecked(production: Production) -> Faults:
    if production.django is not None and production.django < (4, 1):
        return
    for entry in servers(production):
        if _keeps(entry) and entry.get("CONN_HEALTH_CHECKS", False) is False:
            message = f"Connections are kept {_how_long(entry)}, without CONN_HEALTH_CHECKS"
            yield Fault(message, entry.at("CONN_MAX_AGE"))


def _keeps(entry: Entry) -> bool:
    """Whether connections outlive their request: for a number of seconds, or with None for ever."""
    age = entry.values.get("CONN_MAX_AGE", 0)
    return age is None or (isinstance(age, int) and age > 0)


def _how_long(entry: Entry) -> str:
    age = entry.get("CONN_MAX_AGE")
    return "for ever" if age is None else f"for {age} s"


@rule(
    "DB014",
    severity="warning",
    title="Persistent connections under ASGI",
    why="Under ASGI each request may run in another thread, and a connection belongs to its "
    "thread: those that are kept are hardly used again, and pile up.",
    symptom="FATAL: sorry, too many clients already, on a site with little traffic.",
    fix='Write `CONN_MAX_AGE = 0`, and let a pool keep connections: `"OPTIONS": {"pool": True}` '
    "with psycopg 3 and Django 5.1.",
    url=f"{DATABASES}/#caveats",
    mistake={"nuages.yaml": _ASGI},
    fixed={"nuages.yaml": _ASGI, "settings.py": "DATABASES['default']['CONN_MAX_AGE'] = 0"},
    repaired_by="database",
)
def kept_under_asgi(production: Production) -> Faults:
    for entry in servers(production) if asgi(production) else ():
        if _keeps(entry):
            message = f"Connections are kept {_how_long(entry)}, and the site is served over ASGI"
            yield Fault(message, entry.at("CONN_MAX_AGE"))


@rule(
    "DB015",
    severity="error",
    title="The pool cannot work as it is set",
    why="Django's pool (5.1) needs psycopg 3 with psycopg_pool, and no persistent connections; it "
    "refuses to start otherwise. Older versions hand the option to the server, which does not "
    "know it.",
    symptom="ImproperlyConfigured: Pooling doesn't support persistent connections; Error loading "
    'psycopg_pool module; ProgrammingError: invalid connection option "pool".',
    fix="Write `CONN_MAX_AGE = 0` beside the pool, and ask for `psycopg[pool]` with Django 5.1.",
    url=f"{DATABASES}/#connection-pool",
    mistake={"settings.py": _POOL},
    fixed={
        "settings.py": f"{_POOL}DATABASES['default']['CONN_MAX_AGE'] = 0",
        "requirements.txt": "django==5.2.8\npsycopg[binary,pool]==3.2.10\nwhitenoise==6.11.0\n"
        "django-storages==1.14.6\n",
    },
)
def broken_pool(production: Production) -> Faults:
    for entry in entries(production):
        if entry.engine != "postgresql" or not entry.options.get("pool"):
            continue
        where = entry.at("pool")
        age = entry.get("CONN_MAX_AGE", 0)
        if "CONN_MAX_AGE" in entry.values and age != 0:
            yield Fault(f"There is a pool, and CONN_MAX_AGE is {age}", where)
        elif production.django is not None and production.django < (5, 1):
            version = ".".join(map(str, production.django))
            yield Fault(f"Django {version} has no pool", where)
        elif _lacks_pool(production):
            yield Fault("There is a pool, and psycopg_pool is not asked for", where)


def _lacks_pool(production: Production) -> bool:
    """Whether psycopg_pool is certainly not installed; a lock names it, requirements its extra."""
    packages = production.project.dependencies.packages
    if not packages or "psycopg-pool" in packages:
        return False
    texts = [production.text(path) for path in production.project.dependencies.files]
    extra = any(re.search(r"psycopg\[[^\]]*pool|psycopg[_-]pool|extras.*pool", t) for t in texts)
    return bool(texts) and not extra


def _pooler(production: Production) -> tuple[str, Location] | None:
    """A pooler in transaction mode before PostgreSQL: what says so, and where."""
    database = production.deployment.database
    if database and database.pooler:
        return "database.pooler", production.config_at("database", "pooler")
    for entry in servers(production):
        host, port = str(entry.get("HOST", "")), str(entry.get("PORT", ""))
        if _POOLERS.search(host) or port == "6432":
            return f"{host}:{port}".strip(":"), entry.at("PORT" if port == "6432" else "HOST")
    for compose in production.compose_files:
        for service in compose.services:
            mode = str(service.environment.get("POOL_MODE", ("", None))[0] or "").lower()
            if _POOLERS.search(service.image) and mode != "session":
                return service.name, service.key
    return None


@rule(
    "DB016",
    severity="warning",
    title="Server-side cursors through a pooler",
    why="A pooler in transaction mode gives each transaction another connection. `.iterator()` "
    "opens a cursor on one and reads it on the next, where it does not exist.",
    symptom='InvalidCursorName: cursor "_django_curs_140…" does not exist.',
    fix="Write `DISABLE_SERVER_SIDE_CURSORS = True` in the entry of DATABASES.",
    url=f"{DATABASES}/#transaction-pooling-server-side-cursors",
    mistake={"nuages.yaml": _POOLED.format("true")},
    fixed={
        "nuages.yaml": _POOLED.format("true"),
        "settings.py": f"DATABASES['default']['{_CURSORS}'] = True",
    },
)
def cursors(production: Production) -> Faults:
    found = _pooler(production)
    entry = default(production)
    if found is None or entry is None or entry.engine != "postgresql" or not entry.readable:
        return
    name, _ = found
    if entry.get(_CURSORS, False) is False and not _steered(production, entry):
        yield Fault(f"{name} pools transactions, and {_CURSORS} is not set", entry.at(_CURSORS))


def _steered(production: Production, entry: Entry) -> bool:
    return _CURSORS in entry.values and any(
        "CURSOR" in name for name in production.settings.variables("DATABASES")
    )


@rule(
    "DB017",
    severity="warning",
    title="Prepared statements through a pooler",
    why="A statement that is prepared on one connection of the pooler is called on another, which "
    "does not know it.",
    symptom='InvalidSqlStatementName: prepared statement "_pg3_0" does not exist.',
    fix="Remove `prepare_threshold` and `server_side_binding` from OPTIONS.",
    url=f"{DATABASES}/#transaction-pooling-server-side-cursors",
    mistake={
        "nuages.yaml": _POOLED.format("true"),
        "settings.py": "DATABASES['default']['OPTIONS']['prepare_threshold'] = 5",
    },
    fixed={"nuages.yaml": _POOLED.format("true")},
)
def prepared(production: Production) -> Faults:
    found = _pooler(production)
    for entry in servers(production) if found else ():
        if entry.engine == "postgresql" and isinstance(entry.options.get("prepare_threshold"), int):
            message = "psycopg prepares statements, and a pooler mixes the connections"
            yield Fault(message, entry.at("prepare_threshold"))


@rule(
    "DB018",
    severity="error",
    title="An async view inside ATOMIC_REQUESTS",
    why="With ATOMIC_REQUESTS each view runs in a transaction, which an async view cannot: Django "
    "refuses to call it.",
    symptom="RuntimeError: You cannot use ATOMIC_REQUESTS with async views.",
    fix="Put `@transaction.non_atomic_requests` on the view, or write it without async.",
    url="https://docs.djangoproject.com/en/stable/topics/async/#async-views",
    mistake={
        "settings.py": "DATABASES['default']['ATOMIC_REQUESTS'] = True",
        "orders/views.py": "async def page(request):\n    return None\n",
    },
    fixed={
        "settings.py": "DATABASES['default']['ATOMIC_REQUESTS'] = True",
        "orders/views.py": "def page(request):\n    return None\n",
    },
)
def atomic_async(production: Production) -> Faults:
    if not any(e.get("ATOMIC_REQUESTS", False) is True for e in entries(production)):
        return
    for file in production.mentioning("async def"):
        for node in file.nodes(ast.AsyncFunctionDef) if _VIEWS.search(file.path) else ():
            names = [argument.arg for argument in node.args.args]
            is_view = "request" in names[:2] and not node.name.startswith("_")
            exempt = any("non_atomic" in ast.unparse(each) for each in node.decorator_list)
            if is_view and not exempt:
                message = f"{node.name} is async, and ATOMIC_REQUESTS is on"
                yield Fault(message, file.at(node))
