"""dj-database-url, dj-email-url and django-cache-url as functions of the environment."""

from __future__ import annotations

from typing import Any

from nuages.project.evaluation.compute import compute_call
from nuages.project.evaluation.libraries import urls
from nuages.project.evaluation.libraries.environment import find, known_name, noted
from nuages.project.evaluation.machine import LIBRARY, Call
from nuages.project.evaluation.values import NONE, Native, Value, unknown

OPTIONS = ("engine", "conn_max_age", "conn_health_checks", "disable_server_side_cursors",
           "ssl_require", "test_options")  # fmt: skip


def parse_database(call: Call, url: Value, first: int) -> Value:
    """Parse a URL with the options of ``dj_database_url.config`` and ``parse``.

    Versions before 2.0 have no ``disable_server_side_cursors`` and set fewer keys.
    """
    keywords = {}
    for position, name in enumerate(OPTIONS, first):
        found = call.argument(position, name)
        if found is not None:
            keywords[name] = found
    made = compute_call(call.machine, urls.database, [url], keywords)
    version = (call.machine.packages or {}).get("dj-database-url", "")
    old = version.lstrip("=<~^").startswith(("0.", "1."))
    if old and isinstance(made.data, dict):
        made.data.pop("DISABLE_SERVER_SIDE_CURSORS", None)
        if version.lstrip("=<~^").startswith(("0.", "1.0", "1.1", "1.2")):
            made.data.pop("CONN_HEALTH_CHECKS", None)
    return made


def from_environment(call: Call, variable: str, cast: str, default: Value) -> Value:
    """Return the URL that a variable holds, or the default."""
    name = known_name(call.argument(0, "env", Value(variable)))
    if name is None:
        return unknown("a variable whose name cannot be told", call.taint)
    noted(call.machine, name, default=default, cast=cast)
    return (find(call.machine, name) or default).tainted(frozenset({name}))


def database_config(call: Call) -> Value:
    """``dj_database_url.config``."""
    default = call.argument(1, "default", NONE)
    url = from_environment(call, "DATABASE_URL", "url:database", default)
    if not url.unknown and not url.data:
        return Value({}, url.taint)
    return parse_database(call, url, 2)


def _config(variable: str, cast: str, parser: Any, fallback: Value) -> Any:
    def config(call: Call) -> Value:
        default = call.argument(1, "default", fallback)
        url = from_environment(call, variable, cast, default)
        if not url.unknown and not url.data:
            return Value({}, url.taint)
        return compute_call(call.machine, parser, [url], {})

    return config


def _parse(parser: Any) -> Any:
    return lambda call: compute_call(call.machine, parser, call.arguments[:1], {})


LIBRARY.update(
    {
        name: Value(Native(name, function))
        for name, function in {
            "dj_database_url.config": database_config,
            "dj_database_url.parse": lambda c: parse_database(c, c.argument(0, "url", NONE), 1),
            "dj_email_url.config": _config("EMAIL_URL", "url:email", urls.email, NONE),
            "dj_email_url.parse": _parse(urls.email),
            "django_cache_url.config": _config("CACHE_URL", "url:cache", urls.cache, Value("locmem://")),
            "django_cache_url.parse": _parse(urls.cache),
        }.items()
    }
)
