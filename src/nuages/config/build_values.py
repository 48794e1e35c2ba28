"""Harmless values for ``collectstatic``, which imports the settings and needs no secret."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping

from nuages.config import overlay
from nuages.config.inputs import Inputs
from nuages.config.stores import default_database
from nuages.project.facts import Variable

PLACEHOLDER = "build-time-placeholder"
_KEY = base64.urlsafe_b64encode(b"build-time-placeholder, no key!!").decode()
"""32 bytes: what a Fernet key must have (https://cryptography.io/en/latest/fernet/)."""
_CASTS: Mapping[str, str] = {
    "bool": "False",
    "int": "1",
    "float": "1.0",
    "json": "{}",
    "dict": "",
    "url:email": "smtp://localhost:25",
    "url:cache": "redis://localhost:6379/0",
}
_NAMES: tuple[tuple[str, str], ...] = (
    (r"^(DATABASE|DB)_?(URL|DSN|URI)$|DATABASE_(URL|DSN|URI)$", "postgres://build:build@localhost/build"),
    (r"SENTRY\w*DSN$|^DSN$", "https://build@localhost/1"),
    (r"DEFAULT_STORAGE_DSN$", "file:///tmp/media/?url=%2Fmedia%2F"),
    (r"(REDIS|CACHE|BROKER|CELERY)\w*_(URL|URI|DSN)$|RESULT_BACKEND$", "redis://localhost:6379/0"),
    (r"(EMAIL|MAIL)_(URL|DSN)$", "smtp://localhost:25"),
    (r"ADMIN\w*_(URL|PATH)$", "admin/"),
    (r"STATIC_URL$", "/static/"),
    (r"MEDIA_URL$", "/media/"),
    (r"ORIGINS?$", "https://localhost"),
    (r"(URL|URI|ENDPOINT)$", "https://localhost/"),
    (r"HOSTS?$|(?<!SUB)DOMAINS?$|HOSTNAME$|SERVER_NAME$", "localhost"),
    (r"PORT$", "25"),
    (r"(EMAIL|FROM|SENDER)$", "build@localhost.localdomain"),
    (r"^(DJANGO_)?STATIC_ROOT$", "/app/staticfiles"),  # what is collected in the image stays in it
    (r"(DIR|ROOT|PATH|FOLDER)$", "/tmp/build"),  # noqa: S108 -- a value for the image's own build
    (r"DEBUG$|(USE|ENABLE)\w*_(TLS|SSL)$|_ENABLED$", "False"),
    (r"(TIMEOUT|SECONDS|SIZE|COUNT|LIMIT|AGE)$", "1"),
    (r"LOG_?LEVEL$", "INFO"),
    (r"TIME_?ZONE$|^TZ$", "UTC"),
    (r"LANGUAGE(_CODE)?$", "en"),
    (r"FERNET\w*|ENCRYPTION_KEY$", _KEY),
)  # fmt: skip


def build_environment(inputs: Inputs) -> dict[str, str]:
    """A value for every variable that the settings demand; none of them is a real secret."""
    values = {
        variable.name: _value(inputs, variable)
        for variable in inputs.project.contract
        if variable.required or variable.build_time
    }
    if overlay.needs_secret_key(inputs):
        values.setdefault(overlay.secret_key_variables(inputs)[0], PLACEHOLDER)
    values.pop("DJANGO_SETTINGS_MODULE", None)
    return dict(sorted(values.items()))


def _value(inputs: Inputs, variable: Variable) -> str:
    steering = inputs.project.settings.environ
    if variable.name in steering:
        return steering[variable.name]
    said = inputs.variables.get(variable.name)
    if said and not variable.secret:
        return said
    value = placeholder(variable)
    fact = default_database(inputs)
    if fact and fact.engine == "mysql":
        value = value.replace("postgres://", "mysql://")
    return value


def placeholder(variable: Variable) -> str:
    """A value that the variable's cast accepts, by the cast and by the customary names."""
    cast = variable.cast or ""
    if cast == "url:database":
        return "postgres://build:build@localhost/build"
    by_name = _by_name(variable.name)
    if cast == "int" and by_name.isdigit():
        return by_name
    if cast in _CASTS:
        return _CASTS[cast]
    return by_name or PLACEHOLDER


def named(name: str) -> str:
    """A value for a variable of which nothing but the name is known."""
    return _by_name(name) or PLACEHOLDER


def _by_name(name: str) -> str:
    upper = name.upper()
    return next((value for pattern, value in _NAMES if re.search(pattern, upper)), "")
