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
    """Parse a URL with the options of ``dj_database_url.config`` and ``parse``."""
    keywords = {}
    for position, name in enumerate(OPTIONS, first):
        found = call.argument(position, name)
        if found is not None:
            keywords[name] = found
    version = call.machine.version("dj-database-url")
    return compute_call(
        call.machine,
        lambda u, **options: _aged(urls.database(u, **options), version),
        [url],
        keywords,
    )


def _aged(config: dict[str, Any], version: tuple[int, ...] | None) -> dict[str, Any]:
    """Return what an older version would have made of the same URL."""
    if version is None or len(config) == 2:
        return config
    if version < (2, 2):
        config.pop("DISABLE_SERVER_SIDE_CURSORS", None)
    if version < (1, 1):
        config.pop("CONN_HEALTH_CHECKS", None)
    if version < (1,) and config["ENGINE"] == "django.db.backends.postgresql":
        config["ENGINE"] = "django.db.backends.postgresql_psycopg2"
    if version < (2, 1) and "OPTIONS" in config:
        config["OPTIONS"] = {key: _text(value) for key, value in config["OPTIONS"].items()}
    return config


def _text(value: Any) -> Any:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int) else value


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
            "django_cache_url.config": _config(
                "CACHE_URL", "url:cache", urls.cache, Value("locmem://")
            ),
            "django_cache_url.parse": _parse(urls.cache),
        }.items()
    }
)
