"""Variables of the project's own that every deployment can answer by itself, and how."""

from __future__ import annotations

import re

from nuages.config.inputs import Inputs
from nuages.config.stores import default_database
from nuages.project.facts import Variable

_DATABASE_PARTS = (
    (r"(URL|URI|DSN)$", "database.url"),
    (r"HOST|SERVER|ADDR", "database.host"),
    (r"PORT", "database.port"),
    (r"PASS|PWD", "database.password"),
    (r"USER", "database.user"),
    (r"ENGINE|BACKEND", "database.engine"),
    (r"(^|_)(?<!CONNECTION_)(NAME|DB|DATABASE|DBNAME)$", "database.name"),
)
_BY_NAME = (
    (r"^(DATABASE_URL|DEFAULT_DATABASE_DSN)$", "database.url"),
    (r"(^|_)(REDIS|VALKEY)\w*_(URL|URI|DSN)$|^CACHE_(URL|DSN)$", "cache.url"),
    (r"(^|_)(REDIS|VALKEY)\w*_HOST$", "cache.host"),
    (r"(^|_)(REDIS|VALKEY)\w*_PORT$", "cache.port"),
    (r"(^|_)ALLOWED_HOSTS?$", "site.hosts"),
    (r"(^|_)CSRF_TRUSTED_ORIGINS$", "site.origins"),
    (r"^(DOMAIN|DOMAIN_NAME|SITE_DOMAIN|DJANGO_DOMAIN)$", "site.host"),
)


def wiring(inputs: Inputs) -> dict[str, str]:
    """Variable → what stands for it: ``database.url``, ``cache.host``, ``site.hosts`` and so on.

    Only variables that the project reads and to which nuages.yaml gives no value. A part is
    one of ``database.url/host/port/name/user/password/engine``, ``cache.url/host/port``,
    ``site.host`` (the first name), ``site.hosts`` and ``site.origins`` (comma-separated).
    """
    fact = default_database(inputs)
    of_database = set(fact.variables) if fact else _steering_databases(inputs)
    if fact and fact.engine == "sqlite":
        of_database = set()  # the name of an SQLite file is no database's name
    celery = inputs.project.celery
    brokers = set(celery.value.broker_variables) if celery else set()
    found = {
        variable.name: part
        for variable in inputs.project.contract
        if variable.name not in inputs.variables
        and (part := _part(variable, of_database, brokers)) is not None
    }
    return dict(sorted(found.items()))


def _steering_databases(inputs: Inputs) -> set[str]:
    """Where DATABASES has no value while its variables have none."""
    switches = inputs.project.settings.environ
    found = (v for v in inputs.project.contract if "DATABASES" in v.steers)
    return {variable.name for variable in found if variable.name not in switches}


def _part(variable: Variable, of_database: set[str], brokers: set[str]) -> str | None:
    name = variable.name.upper()
    by_name = next((part for pattern, part in _BY_NAME if re.search(pattern, name)), None)
    if by_name:
        return by_name
    if variable.cast == "url:database":
        return "database.url"
    if variable.cast == "url:cache" or (variable.name in brokers and name.endswith("URL")):
        return "cache.url"
    if variable.name in of_database:
        return next((part for pattern, part in _DATABASE_PARTS if re.search(pattern, name)), None)
    return None
