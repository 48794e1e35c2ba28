"""The value of every variable that the site runs with, and where each comes from."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from nuages.errors import InputNeeded
from nuages.local.engine import Origin, Value
from nuages.local.process import guesses, keys, stand_ins, wired
from nuages.local.process.stand_ins import Place
from nuages.model import Deployment
from nuages.project.facts import Project, Variable

SHELL = re.compile(
    r"^(PYTHON\w*|VIRTUAL_ENV\w*|DJANGO_SETTINGS_MODULE|DJANGO_CONFIGURATION|CONDA_\w+|GIT_\w+"
    r"|UV_\w+|PIP_\w+|PORT|DEBUG|WEB_CONCURRENCY|OLDPWD|PWD|_)$"
)
"""Variables of the caller's shell that must not reach the site."""
STEERING = re.compile(r"DEBUG$|ALLOWED_HOSTS?$|TRUSTED_ORIGINS$|(SSL|HTTPS)_REDIRECT$|HSTS")

MADE_UP = "made up; its service does not work here"
_SECURE = ("SECURE_SSL_REDIRECT", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE")
_OFF = dict.fromkeys(_SECURE, "False") | {"SECURE_HSTS_SECONDS": "0"}
PLAIN_HTTP = {
    "DJANGO_HTTPS": "off",
    **_OFF,
    **{f"DJANGO_{name}": value for name, value in _OFF.items()},
}
"""A browser keeps no Secure cookie from plain http, and would be sent on to https."""


@dataclass(frozen=True)
class Sources:
    """Where values may come from, in the order in which they win."""

    given: Mapping[str, str] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    kept: Mapping[str, str] = field(default_factory=dict)
    dotenv: Mapping[str, str] = field(default_factory=dict)
    example: Mapping[str, str] = field(default_factory=dict)
    """What the project writes down as a pattern: ``.env.example`` and its like."""


def inherited(environment: Mapping[str, str]) -> dict[str, str]:
    """The caller's environment without what would steer Python, uv, pip or Django."""
    return {name: value for name, value in environment.items() if not SHELL.match(name)}


def fixed(deployment: Deployment, place: Place) -> dict[str, tuple[str, Origin]]:
    """What the generated settings read, and what keeps DEBUG off in the project's own."""
    found: dict[str, tuple[str, Origin]] = {
        "ALLOWED_HOSTS": ("localhost", "stand-in"),
        "CSRF_TRUSTED_ORIGINS": (place.origin, "stand-in"),
        "PORT": (str(place.port), "service"),
        "DEFAULT_STORAGE_DSN": (f"file://{place.media}/?url=%2Fmedia%2F", "service"),
        "LOG_FORMAT": ("text", "stand-in"),
    }
    if place.database:
        found["DATABASE_URL"] = (place.database, "service")
    if place.redis:
        found["REDIS_URL"] = (place.redis, "service")
    found |= {name: (value, "stand-in") for name, value in deployment.overlay.steering.items()}
    return found


def assigned(
    project: Project, deployment: Deployment, sources: Sources, place: Place
) -> tuple[tuple[Value, ...], tuple[Variable, ...]]:
    """Every value that can be had without asking, and the variables that have none."""
    values: dict[str, Value] = {}
    services = fixed(deployment, place)
    by_name = {variable.name: variable for variable in project.contract}
    reached = wired.values(deployment, by_name, place)
    services |= {name: (value, "service") for name, value in reached.items()}
    for name, value in _configured(deployment).items():
        values[name] = Value(name, value, "given", "nuages.yaml")
    for name, value in sources.given.items():
        values[name] = Value(name, value, "given")
    needed = (v for v in project.elsewhere if v.required)  # without a value is no error yet
    for variable in (*project.contract, *needed):
        found = values.get(variable.name) or _value(variable, sources, services, place)
        if found is not None:
            values[variable.name] = found
    for secret in deployment.secrets:
        if secret.generated and secret.name not in values and _is_key(secret.name):
            values[secret.name] = _secret(secret.name, sources, place)
    for name, (text, origin) in services.items():
        values.setdefault(name, Value(name, text, origin))
    missing = tuple(v for v in project.contract if v.required and v.name not in values)
    return tuple(values[name] for name in sorted(values)), missing


def _configured(deployment: Deployment) -> dict[str, str]:
    """What nuages.yaml says, but for the buckets: uploads and static files stay here."""
    said = {**deployment.environment_variables, **deployment.web.environment}
    return {
        name: value
        for name, value in said.items()
        if not re.search(r"BUCKET|^PORT$|^WEB_CONCURRENCY$", name)
    }


def _is_key(name: str) -> bool:
    return stand_ins.is_own_secret(name)


def _secret(name: str, sources: Sources, place: Place) -> Value:
    if sources.environment.get(name):
        return Value(name, sources.environment[name], "environment")
    if name in sources.kept:
        return Value(name, sources.kept[name], "kept")
    return Value(name, stand_ins.made_up(name, place), "generated")


def _value(
    variable: Variable,
    sources: Sources,
    services: Mapping[str, tuple[str, Origin]],
    place: Place,
) -> Value | None:
    name = variable.name
    if sources.environment.get(name) and not SHELL.match(name):
        return Value(name, sources.environment[name], "environment")
    if name in services:
        return Value(name, *services[name])
    if name in sources.kept:
        return Value(name, sources.kept[name], "kept")
    if STEERING.search(name.upper()):
        text = stand_ins.stand_in(variable, place)
        return Value(name, text or "False", "stand-in")
    if stand_ins.is_own_secret(name) and (variable.required or _is_unsafe(variable)):
        return Value(name, stand_ins.made_up(name, place), "generated")
    return _required(variable, sources, place) if variable.required else None


def _is_unsafe(variable: Variable) -> bool:
    """A key with a default that stands in the code is known to everybody."""
    return "SECRET_KEY" in variable.steers or variable.name.endswith("SECRET_KEY")


def _required(variable: Variable, sources: Sources, place: Place) -> Value | None:
    name = variable.name
    if sources.dotenv.get(name):
        return Value(name, sources.dotenv[name], "given", ".env")
    text = stand_ins.stand_in(variable, place)
    if text is not None:
        return Value(name, text, "stand-in")
    if stand_ins.is_made_up(variable):
        return Value(name, stand_ins.made_up(name, place), "stand-in", MADE_UP)
    key = keys.shaped(name, place.random, place.pair)  # a public one, which is no secret
    if key is not None:
        return Value(name, key, "stand-in", MADE_UP)
    if sources.example.get(name):
        return Value(name, sources.example[name], "stand-in")
    guess = guesses.guess(name, place)
    return Value(name, guess, "stand-in", MADE_UP) if guess is not None else None


def completed(
    values: tuple[Value, ...], missing: Iterable[Variable], ask: Callable[[Variable], str] | None
) -> tuple[Value, ...]:
    """The values with those that were asked for; InputNeeded when nobody can be asked."""
    waiting = tuple(missing)
    if not waiting:
        return values
    if ask is None:
        raise needed(waiting)
    return (*values, *(Value(v.name, ask(v), "asked") for v in waiting))


def needed(missing: tuple[Variable, ...]) -> InputNeeded:
    """Names each variable that only the user can give, and where the settings read it."""
    lines = [
        f"{v.name}  (read at {', '.join(map(str, v.reads)) or 'the settings'})" for v in missing
    ]
    names = ", ".join(v.name for v in missing)
    example = " ".join(f"{v.name}=…" for v in missing[:3])
    return InputNeeded(
        f"Only you can say what these variables are: {names}",
        hint=f"Put them into a file ({example}) and run `nuages up --env-file FILE`.",
        reason="missing-variable",
        detail="\n".join(lines),
        location=missing[0].reads[0] if missing[0].reads else None,
    )


def other_databases(databases: Mapping[str, Mapping[str, Any]], url: str) -> tuple[Value, ...]:
    """The default database for each further one of its kind whose server does not answer."""
    kind = url.partition("://")[0].removesuffix("ql")
    return tuple(
        Value(f"{alias.upper()}_DATABASE_URL", url, "service")
        for alias, entry in databases.items()
        if alias != "default" and not entry.get("answers", True) and kind in entry["engine"]
    )


def to_keep(values: Iterable[Value], kept: Mapping[str, str]) -> dict[str, str]:
    """What the next run must find again: generated, asked for or made up."""
    fresh = {v.name: v.value for v in values if v.origin in {"generated", "asked"} or v.note}
    return {**kept, **{name: value for name, value in fresh.items() if value}}


def without_tls(values: tuple[Value, ...], database: str, log: str) -> tuple[Value, ...] | None:
    """The values with a database's URL that says so, where settings ask it for TLS; else None.

    ``database`` is the URL of the server here, which speaks none.
    """
    if not database or "server does not support SSL, but SSL was required" not in log:
        return None
    plain = f"{database}{'&' if '?' in database else '?'}sslmode=disable"
    after = tuple(replace(v, value=plain) if v.value == database else v for v in values)
    return after if after != values else None


def with_stand_in(
    values: tuple[Value, ...], name: str, place: Place, sources: Sources | None = None
) -> tuple[Value, ...] | None:
    """The values with one that reading the settings missed; None when it cannot be made up."""
    if any(value.name == name for value in values):
        return None
    unknown = Variable(name, (), True, None, None, False, False)
    known = replace(unknown, secret=stand_ins.is_made_up(unknown))
    value = _required(known, sources or Sources(), place)
    return (*values, value) if value else None
