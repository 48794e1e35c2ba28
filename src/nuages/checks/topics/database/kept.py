"""Where the data are, and whether they are still there tomorrow."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nuages.checks.finding import Fault, Severity
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.sources.compose import ComposeService
from nuages.checks.topics.database.known import DATABASES, SETTINGS, default
from nuages.text import Location

_SQLITE = "{'ENGINE': 'django.db.backends.sqlite3', 'NAME': BASE_DIR / 'db.sqlite3'}"
_COMPOSE = "services:\n  db:\n    image: postgres:17\n    volumes: [{}]\n"
_BASE = "domain: shop.example.com\nenv_vars:\n  AWS_STORAGE_BUCKET_NAME: uploads\n"
_IMAGE = re.compile(r"(?:^|/)(?P<kind>postgres|postgis|mysql|mariadb)(?::(?P<version>\d+)[^/]*)?$")


@rule(
    "DB001",
    severity="error",
    title="SQLite in production",
    why="The database is a file in the container. It goes with each release, no second instance "
    "sees it, and one writer at a time locks all others out.",
    symptom="All data are gone after a deploy; database is locked.",
    fix='Read a server from the environment: `DATABASES = {"default": env.db("DATABASE_URL")}`.',
    url=f"{DATABASES}/#sqlite-notes",
    mistake={"settings.py": f"DATABASES['default'] = {_SQLITE}"},
    fixed={},
    repaired_by="database",
)
def sqlite(production: Production) -> Faults:
    entry = default(production)
    manifest = production.config.manifest(production.environment)
    scaling = manifest.deployment.scaling if manifest.deployment else None
    instances = (scaling.max_instances if scaling else None) or 1
    if _is_chosen(production) and instances > 1:
        message = f"The database is a file, and each of up to {instances} instances has its own"
        yield Fault(message, production.config_at("database", "type"))
    if entry is None or entry.engine != "sqlite" or _is_chosen(production):
        return
    names = production.settings.variables("DATABASES")
    if not any(_steers(name) for name in names):
        name = str(entry.get("NAME") or "").replace("{root}/", "")
        what = "in memory" if ":memory:" in name else f"the file {name}" if name else "a file"
        level: Severity | None = "warning" if names else None
        yield Fault(f"The database is SQLite, {what}", entry.at("ENGINE"), severity=level)


def _is_chosen(production: Production) -> bool:
    """Whether nuages.yaml says SQLite: one instance, on a volume."""
    said = production.config.manifest(production.environment).database
    return bool(said and said.type == "sqlite")


@rule(
    "DB002",
    severity="warning",
    title="Without a variable the database is SQLite",
    why="A variable that is missing or misspelt starts the site on an empty file instead of "
    "stopping it, and what is written there goes with the container.",
    symptom="A site that works, with no data: no such table: auth_user.",
    fix='Demand the variable: `env.db("DATABASE_URL")`, without a default.',
    url="https://12factor.net/backing-services",
    mistake={
        "settings.py": "DATABASES['default'] = env.db('DATABASE_URL', default='sqlite:///db')"
    },
    fixed={"settings.py": "DATABASES['default'] = env.db('DATABASE_URL')"},
    repaired_by="server_database",
)
def falls_back(production: Production) -> Faults:
    if _is_chosen(production) or production.settings.fixed("DATABASES"):
        return
    for settings in (production.settings, production.settings_unset):
        entry = default(production, settings)
        steering = [name for name in settings.variables("DATABASES") if _steers(name)]
        steering.sort(key=lambda name: not re.search(r"URL|DSN|ENGINE", name))
        if entry is not None and entry.engine == "sqlite" and steering:
            message = f"The database is SQLite wherever {steering[0]} is not set"
            yield Fault(message, entry.at("ENGINE"))
            return


def _steers(name: str) -> bool:
    """Whether a variable may choose the engine, not only the file or the mode."""
    return not re.search(r"(?:^|_)(?:PATH|DIR|FOLDER|FILE|NAME|DEBUG)$|^DJANGO_", name)


@rule(
    "DB003",
    severity="error",
    title="There is no default database",
    why="Every model that no router sends elsewhere is looked for in `default`.",
    symptom="ImproperlyConfigured: settings.DATABASES is improperly configured. Please supply the "
    "ENGINE value.",
    fix='Name one `default`, with its ENGINE: `env.db("DATABASE_URL")`.',
    url=f"{SETTINGS}/#databases",
    mistake={"settings.py": "DATABASES['default'] = {'NAME': 'shop', 'HOST': 'db.example.com'}"},
    fixed={},
    repaired_by="database",
)
def missing(production: Production) -> Faults:
    settings = production.settings
    found = settings.get("DATABASES", default={})
    uses = settings.has_app("django.contrib.auth", "django.contrib.sessions")
    if not isinstance(found, dict) or not settings.complete("DATABASES") or not uses:
        return
    where = settings.at("DATABASES" if "DATABASES" in settings else "INSTALLED_APPS")
    entry = default(production, settings)
    if "default" not in found:
        said = ", ".join(found) if found else "nothing"
        yield Fault(f"DATABASES has {said}, and no default", where)
    elif entry and entry.get("ENGINE", "") in ("", "django.db.backends.dummy"):
        yield Fault("DATABASES['default'] has no ENGINE", where)


def _stores(production: Production) -> Iterator[tuple[ComposeService, re.Match[str]]]:
    for compose in production.compose_files:
        for service in compose.services if compose.serves else ():
            found = _IMAGE.search(service.image)
            if found:
                yield service, found


def _mounts(service: ComposeService) -> Iterator[tuple[str, Location]]:
    found = service.yaml.get("volumes")
    for item in found.list() if found else ():
        target = item.get("target")
        parts = item.text.split(":")
        inside = target.text if target else parts[1] if len(parts) > 1 else ""
        if inside:
            yield inside.rstrip("/"), item.location


@rule(
    "DB004",
    severity="warning",
    title="The database's data are on no volume",
    why="What is on no volume belongs to the container: `docker compose down` and the next `up` "
    "start with an empty database. Until PostgreSQL 17 the image keeps its data in "
    "/var/lib/postgresql/data, from 18 on in a folder of its version below /var/lib/postgresql: a "
    "volume at the other place stays empty.",
    symptom="All data are gone after an update; in 18+, these Docker images are configured to "
    "store database data in a format which is compatible with pg_ctlcluster.",
    fix="Mount `data:/var/lib/postgresql/data`; from PostgreSQL 18 on `data:/var/lib/postgresql`; "
    "for MySQL `data:/var/lib/mysql`.",
    url="https://github.com/docker-library/postgres/pull/1259",
    mistake={"compose.yaml": _COMPOSE.format("")},
    fixed={"compose.yaml": _COMPOSE.format('"data:/var/lib/postgresql/data"')},
)
def no_volume(production: Production) -> Faults:
    for service, image in _stores(production):
        if "PGDATA" in service.environment or service.yaml.get("tmpfs"):
            continue
        mounts = list(_mounts(service))
        if not any(inside.startswith("/var/lib/") for inside, _ in mounts):
            yield Fault(f"Nothing keeps the data of {service.name} ({service.image})", service.key)
        for inside, where in mounts:
            if _is_unused(image, inside):
                message = f"{service.image} does not keep its data in {inside}"
                yield Fault(message, where, severity="error")


def _is_unused(image: re.Match[str], inside: str) -> bool:
    """Whether a mount is where the image kept its data until 17, or keeps them since 18."""
    if not image["version"] or image["kind"] in ("mysql", "mariadb"):
        return False
    recent = int(image["version"]) >= 18
    return inside == ("/var/lib/postgresql/data" if recent else "/var/lib/postgresql")


@rule(
    "DB005",
    severity="warning",
    title="The database has no backups",
    why="A migration or a person deletes what they should not, and there is no yesterday.",
    symptom="Nothing, until the day that it is needed.",
    fix="Remove `backups: false`.",
    url="https://www.postgresql.org/docs/current/backup.html",
    mistake={"nuages.yaml": f"{_BASE}database:\n  backups: false\n"},
    fixed={"nuages.yaml": f"{_BASE}database:\n  backups: true\n"},
)
def no_backups(production: Production) -> Faults:
    database = production.deployment.database
    if database and not database.backups and production.config.nodes:
        yield Fault("backups are turned off", production.config_at("database", "backups"))
