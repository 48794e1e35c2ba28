"""How the database is reached: its driver, its address, its encryption, its password."""

from __future__ import annotations

import re

from nuages.checks.finding import Fault, Severity
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.topics.database.known import (
    DATABASES,
    SETTINGS,
    Entry,
    default,
    entries,
    servers,
)
from nuages.text import Location

_DRIVERS = {
    "postgresql": ("psycopg", "psycopg-binary", "psycopg2", "psycopg2-binary", "psycopg-c"),
    "mysql": ("mysqlclient", "pymysql", "mysql-connector-python"),
    "oracle": ("oracledb", "cx-oracle"),
}
_WRAPPED = ("psycopg2cffi", "psycopg2-pool", "aws-psycopg2", "django-heroku", "pg8000")
_LOCAL = re.compile(r"(?:localhost|127\.0\.0\.1|::1|0\.0\.0\.0)$")
_WEAK = ("disable", "allow", "prefer")
_SERVER = "'ENGINE': 'django.db.backends.postgresql', 'NAME': 'shop', 'HOST': '{}'"
_KEPT = "'CONN_MAX_AGE': 60, 'CONN_HEALTH_CHECKS': True, 'OPTIONS': {'sslmode': 'require'}"
_TRUST = "services:\n  db:\n    image: postgres:17\n    environment:\n      {}\n"
_NO_DRIVER = "django==5.2.8\ndjango-environ==0.12.0\nwhitenoise==6.11.0\ndjango-storages==1.14.6\n"


@rule(
    "DB006",
    severity="error",
    title="The database's driver is not installed",
    why="The back end imports its driver when Django starts.",
    symptom="ImproperlyConfigured: Error loading psycopg2 or psycopg module.",
    fix="Add the driver to the requirements of production: `psycopg[c]` or `psycopg[binary]`, "
    "`mysqlclient`.",
    url=DATABASES,
    mistake={"requirements.txt": _NO_DRIVER},
    fixed={"requirements.txt": f"{_NO_DRIVER}psycopg[binary]==3.2.10\n"},
    repaired_by="database",
)
def no_driver(production: Production) -> Faults:
    if not production.project.dependencies.packages:
        return
    for entry in entries(production):
        drivers = _DRIVERS.get(entry.engine or "", ())
        if drivers and not production.has(*drivers, *_WRAPPED):
            message = f"The database {entry.alias!r} is {entry.engine}, and none of "
            where = entry.at("ENGINE")
            level: Severity | None = None
            if production.settings.variables("DATABASES"):
                where, level = production.package_at("django"), "warning"
            yield Fault(f"{message}{', '.join(drivers[:3])} is asked for", where, severity=level)
            return
        if entry.get("ENGINE") == "django.db.backends.mysql" and _only_pymysql(production):
            message = "Django looks for MySQLdb: PyMySQL must say that it stands in for it"
            fix = "Install `mysqlclient`, or call `pymysql.install_as_MySQLdb()` in the settings."
            yield Fault(message, production.package_at("pymysql"), fix)
    yield from _unreadable(production)


def _only_pymysql(production: Production) -> bool:
    if not production.has("pymysql") or production.has("mysqlclient"):
        return False
    return not any(production.mentioning("install_as_MySQLdb"))


def _unreadable(production: Production) -> Faults:
    """A URL that the settings parse on some branch, where no server has a driver."""
    drivers = [name for names in _DRIVERS.values() for name in names]
    if production.has(*drivers, *_WRAPPED) or not production.has("dj-database-url"):
        return
    for file in production.settings_files:
        if any(file.calls("config", "parse")) and "dj_database_url" in file.text:
            message = "The settings read DATABASE_URL, and no driver of a server is asked for"
            yield Fault(message, production.package_at("dj-database-url"), severity="warning")
            return


@rule(
    "DB007",
    severity="error",
    title="This Django does not know the driver",
    why="psycopg 3 is known since Django 4.2; before that only psycopg2 is looked for.",
    symptom="ImproperlyConfigured: Error loading psycopg2 module: No module named 'psycopg2'.",
    fix="Take Django 4.2 or later, or psycopg2.",
    url="https://docs.djangoproject.com/en/4.2/releases/4.2/#psycopg-3-support",
    mistake={"requirements.txt": _NO_DRIVER.replace("5.2.8", "4.1.13") + "psycopg[c]==3.2.10\n"},
    fixed={"requirements.txt": f"{_NO_DRIVER}psycopg[c]==3.2.10\n"},
)
def unknown_driver(production: Production) -> Faults:
    entry = default(production)
    old = production.django is not None and production.django < (4, 2)
    new = production.has("psycopg", "psycopg-binary", "psycopg-c")
    only = new and not production.has("psycopg2", "psycopg2-binary")
    if entry and entry.engine == "postgresql" and old and only:
        version = ".".join(map(str, production.django or ()))
        message = f"Django {version} looks for psycopg2, and psycopg 3 is installed"
        yield Fault(message, production.package_at("psycopg"))


@rule(
    "DB008",
    severity="info",
    title="psycopg2-binary in production",
    why="The wheel brings its own libpq and OpenSSL, which the system's updates do not reach; its "
    "makers advise against it in production. psycopg2 itself gets no new features.",
    symptom="A hole in OpenSSL that is mended on the host, and open in the process.",
    fix="Take `psycopg[c]`, or psycopg2 built while the image is.",
    url="https://www.psycopg.org/docs/install.html#psycopg-vs-psycopg-binary",
    mistake={"requirements.txt": f"{_NO_DRIVER}psycopg2-binary==2.9.10\n"},
    fixed={"requirements.txt": f"{_NO_DRIVER}psycopg2==2.9.10\n"},
)
def binary(production: Production) -> Faults:
    if production.has("psycopg2-binary"):
        where = production.package_at("psycopg2-binary")
        yield Fault("psycopg2-binary has libraries of its own", where)


@rule(
    "DB009",
    severity="error",
    title="The database is on localhost",
    why="In a container localhost is the container itself, where no database runs. An empty HOST "
    "means a socket of the same machine.",
    symptom='connection to server at "localhost" (127.0.0.1), port 5432 failed: refused.',
    fix="Read the address from the environment, without a default: `DATABASE_URL` or `DB_HOST`.",
    url=f"{SETTINGS}/#host",
    mistake={"settings.py": f"DATABASES['default'] = {{{_SERVER.format('localhost')}, {_KEPT}}}"},
    fixed={"settings.py": f"DATABASES['default'] = {{{_SERVER.format('db.internal')}, {_KEPT}}}"},
    repaired_by="database",
)
def on_localhost(production: Production) -> Faults:
    for entry in servers(production):
        host = entry.get("HOST", "")
        fixed = not _steers_host(production, entry)
        if fixed and isinstance(host, str) and _is_local(entry, host):
            what = f"looked for on {host}" if host else "looked for on a socket: HOST is empty"
            yield Fault(f"The database {entry.alias!r} is {what}", entry.at("HOST"))
    unset = default(production, production.settings_unset)
    names = production.settings.variables("DATABASES")
    if unset and names and unset.engine in ("postgresql", "mysql") and unset.readable:
        host = unset.get("HOST", None)
        if isinstance(host, str) and _LOCAL.match(host):
            likely = [n for n in names if re.search(r"HOST|URL|DSN", n.upper())] or list(names)
            message = f"The database is looked for on {host} wherever {likely[0]} is not set"
            yield Fault(message, unset.at("HOST"), severity="info")


def _is_local(entry: Entry, host: str) -> bool:
    if host:
        return bool(_LOCAL.match(host))
    told = {"service", "host", "unix_socket", "read_default_file", "passfile"}
    return not told & set(entry.options)


def _steers_host(production: Production, entry: Entry) -> bool:
    """Whether the address follows a variable, however that one is called."""
    names = production.settings.variables("DATABASES")
    if not names:
        return False
    given = dict.fromkeys(names, "postgres://user:word@far.example.com:5432/name")
    environ = {**production.settings.evaluated.environ, **given}
    elsewhere = [
        e for e in entries(production, production.settings_with(environ)) if e.alias == entry.alias
    ]
    return not elsewhere or elsewhere[0].get("HOST", "") != entry.get("HOST", "")


@rule(
    "DB010",
    severity="info",
    title="The connection to the database may be readable",
    why="Without sslmode PostgreSQL's client encrypts if the server offers it, and goes on in "
    "the clear if somebody in between says that it does not. MySQL's does the same.",
    symptom="Nothing: that is the trouble. Or, on servers that insist: no pg_hba.conf entry for "
    "host, no encryption.",
    fix='Write `"OPTIONS": {"sslmode": "require"}`, or better `verify-full` with the '
    "authority's certificate.",
    url="https://www.postgresql.org/docs/current/libpq-ssl.html#LIBPQ-SSL-PROTECTION",
    mistake={"settings.py": "DATABASES['default']['OPTIONS'] = {'sslmode': 'disable'}"},
    fixed={"settings.py": "DATABASES['default']['OPTIONS'] = {'sslmode': 'verify-full'}"},
)
def unencrypted(production: Production) -> Faults:
    for entry in servers(production):
        if entry.alias != "default" or _is_near(production, entry):
            continue
        name, keys = _encryption(entry)
        said = next((entry.options[key] for key in keys if key in entry.options), None)
        if said is None:
            yield Fault(f"No {name} is set, so encryption is left to chance", entry.at("OPTIONS"))
        elif str(said).lower() in (*_WEAK, "disabled", "preferred"):
            message = f"{name} is {said}: the connection may be in the clear"
            yield Fault(message, entry.at(keys[0]), severity="warning")


def _encryption(entry: Entry) -> tuple[str, tuple[str, ...]]:
    if entry.engine == "mysql":
        return "ssl_mode", ("ssl_mode", "ssl", "ssl_ca")
    return "sslmode", ("sslmode", "service")


def _is_near(production: Production, entry: Entry) -> bool:
    """A socket, a proxy beside the process, or a platform that puts it into the URL."""
    host = entry.get("HOST", "")
    socket = isinstance(host, str) and host.startswith("/")
    texts = [file.text.lower() for file in production.settings_files]
    proxied = any(re.search(r"cloud_?sql", text) for text in texts)
    platform = ".do/app.yaml" in production.tree
    return socket or proxied or platform


@rule(
    "DB011",
    severity="warning",
    title="The database lets everybody in",
    why="With `trust`, or an empty password, whoever reaches the port is the superuser: any other "
    "container of the network, or the internet once the port is published.",
    symptom="Nothing in the log: it is a login like any other.",
    fix="Remove the line and set a password from the environment: "
    "`POSTGRES_PASSWORD: ${POSTGRES_PASSWORD:?}`.",
    url="https://www.postgresql.org/docs/current/auth-trust.html",
    mistake={"compose.yaml": _TRUST.format("POSTGRES_HOST_AUTH_METHOD: trust")},
    fixed={"compose.yaml": _TRUST.format("POSTGRES_PASSWORD: ${POSTGRES_PASSWORD:?}")},
)
def trusting(production: Production) -> Faults:
    names = (
        "POSTGRES_HOST_AUTH_METHOD",
        "MYSQL_ALLOW_EMPTY_PASSWORD",
        "MARIADB_ALLOW_EMPTY_ROOT_PASSWORD",
        "ALLOW_EMPTY_PASSWORD",
    )
    for compose in production.compose_files:
        for service in compose.services:
            for name in names:
                value, where = service.environment.get(name, (None, Location(compose.path)))
                if value and value.lower() in ("trust", "yes", "true", "1"):
                    yield Fault(f"{service.name} has {name}={value}", where)
