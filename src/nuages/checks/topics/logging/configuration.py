"""Where LOGGING sends what, and at which level."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.project.python_source import last_name

_TOPIC = "https://docs.djangoproject.com/en/stable/topics/logging"
_FILES = (
    "FileHandler", "RotatingFileHandler", "TimedRotatingFileHandler", "WatchedFileHandler",
    "ConcurrentRotatingFileHandler",
)  # fmt: skip
_STREAMS = ("StreamHandler", "RichHandler", "ColorizingStreamHandler")


def _section(production: Production, section: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Name and settings of each handler, formatter or logger that is known."""
    found = production.settings.get("LOGGING", section)
    for name, value in found.items() if isinstance(found, dict) else ():
        if isinstance(value, dict) and "unknown" not in value:
            yield name, value


@rule(
    "LOG001",
    severity="warning",
    title="The log is a file in the container",
    why="The platform collects what is written to standard output. A file is seen by nobody, "
    "fills a small disk, goes with the container, and cannot be opened on a read-only root.",
    symptom="No logs at all; PermissionError or FileNotFoundError at the start: Unable to "
    "configure handler 'file'.",
    fix="Take `logging.StreamHandler` instead.",
    url="https://12factor.net/logs",
    mistake={
        "settings.py": "LOGGING['handlers']['file'] = "
        "{'class': 'logging.FileHandler', 'filename': '/var/log/shop.log'}"
    },
    fixed={},
    repaired_by="logging",
)
def file_handler(production: Production) -> Faults:
    for name, handler in _section(production, "handlers"):
        kind = str(handler.get("class", "")).rpartition(".")[2]
        if kind in _FILES and str(handler.get("filename")) not in ("/dev/stdout", "/dev/stderr"):
            where = production.settings.at("LOGGING", name)
            yield Fault(
                f"The handler {name!r} writes to {handler.get('filename', 'a file')}", where
            )


@rule(
    "LOG002",
    severity="warning",
    title="The log is at level DEBUG",
    why="Libraries log tokens, headers and every statement of SQL at DEBUG: data that should not "
    "be there, and a bill for it.",
    symptom="Gigabytes of logs a day; personal data in them.",
    fix="`INFO` in production, read from the environment: `LOG_LEVEL`.",
    url=_TOPIC,
    mistake={"settings.py": "LOGGING['root']['level'] = 'DEBUG'"},
    fixed={"settings.py": "LOGGING['root']['level'] = 'WARNING'"},
    repaired_by="logging",
)
def debug_level(production: Production) -> Faults:
    settings = production.settings
    if settings.get("LOGGING", "root", "level") in ("DEBUG", 10):
        yield Fault("The root logger is at DEBUG", settings.at("LOGGING", "root"))
    for name, logger in _section(production, "loggers"):
        if logger.get("level") in ("DEBUG", 10) and (name in ("", "django") or _is_sql(name)):
            yield Fault(f"The logger {name!r} is at DEBUG", settings.at("LOGGING", name))


def _is_sql(name: str) -> bool:
    return name.startswith("django.db")


@rule(
    "LOG003",
    severity="warning",
    title="Errors are not logged",
    why="Without LOGGING, Django writes to the console only while DEBUG is on; afterwards an "
    "error goes by mail to ADMINS, who are nobody.",
    symptom="Server Error (500), and not a line in the log.",
    fix="Write a LOGGING with a StreamHandler on the root logger.",
    url="https://docs.djangoproject.com/en/stable/ref/logging/#default-logging-configuration",
    mistake={"settings.py": "# no LOGGING"},
    fixed={"settings.py": "LOGGING['root']['level'] = 'INFO'"},
    repaired_by="logging",
)
def not_configured(production: Production) -> Faults:
    settings = production.settings
    if "LOGGING" not in settings and settings.complete("LOGGING"):
        own = settings.get("LOGGING_CONFIG", default="")
        if own is not None and not _configures(production):
            yield Fault(f"{settings.evaluated.module} has no LOGGING", settings.at("LOGGING"))


def _configures(production: Production) -> bool:
    """Whether the settings set up logging, or a service for errors, by a call."""
    names = ("dictConfig", "fileConfig", "basicConfig", "configure", "setup_logging")
    return any(any(file.calls(*names)) for file in production.settings_files)


@rule(
    "LOG004",
    severity="info",
    title="Logs are plain text",
    why="A traceback becomes thirty entries, none with a severity: nothing can be searched or "
    "counted, and no alert can be set on errors.",
    symptom="Every entry has severity DEFAULT or INFO in the viewer of the platform.",
    fix="Write one JSON object a line, `pythonjsonlogger.json.JsonFormatter`.",
    url="https://github.com/nhairs/python-json-logger",
    mistake={"settings.py": "LOGGING['formatters']['json'] = {'format': '%(message)s'}"},
    fixed={},
    repaired_by="logging",
)
def plain_text(production: Production) -> Faults:
    settings = production.settings
    if not settings.complete("LOGGING") or "LOGGING" not in settings:
        return
    formatters = dict(_section(production, "formatters"))
    streams = [
        (name, handler)
        for name, handler in _section(production, "handlers")
        if str(handler.get("class", "")).rpartition(".")[2] in _STREAMS
    ]
    if streams and not any(
        _is_json(formatters.get(h.get("formatter", ""), {})) for _, h in streams
    ):
        name = streams[0][0]
        yield Fault(f"The handler {name!r} writes plain text", settings.at("LOGGING", name))


def _is_json(formatter: dict[str, Any]) -> bool:
    words = " ".join(str(value) for value in formatter.values()).lower()
    return any(word in words for word in ("json", "structlog", "ecs", "stackdriver", "unknown"))


@rule(
    "LOG005",
    severity="info",
    title="Loggers that exist already are silenced",
    why="dictConfig switches off every logger made before it, unless it is told not to: those of "
    "libraries that were imported while the settings were read.",
    symptom="Messages of one library are missing, depending on the order of imports.",
    fix='Write `"disable_existing_loggers": False`.',
    url=f"{_TOPIC}/#configuring-logging",
    mistake={"settings.py": "LOGGING['disable_existing_loggers'] = True"},
    fixed={"settings.py": "LOGGING['disable_existing_loggers'] = False"},
    repaired_by="logging",
)
def silenced(production: Production) -> Faults:
    settings = production.settings
    configured = isinstance(settings.get("LOGGING"), dict)
    if configured and settings.get("LOGGING", "disable_existing_loggers", default=True) is True:
        said = settings.get("LOGGING", "disable_existing_loggers", default=None) is True
        yield Fault(
            f"disable_existing_loggers is {'True' if said else 'not said, which means True'}",
            settings.at("LOGGING", "disable_existing_loggers"),
        )


@rule(
    "LOG006",
    severity="warning",
    title="Logs are for DEBUG only",
    why="Every handler is filtered by RequireDebugTrue, so that in production nothing is written.",
    symptom="Server Error (500), and not a line in the log.",
    fix="Delete the filter from one handler.",
    url="https://docs.djangoproject.com/en/stable/ref/logging/#django.utils.log.RequireDebugTrue",
    mistake={
        "settings.py": "LOGGING['filters'] = "
        "{'debug': {'()': 'django.utils.log.RequireDebugTrue'}}\n"
        "LOGGING['handlers']['console']['filters'] = ['debug']"
    },
    fixed={},
    repaired_by="logging",
)
def for_debug_only(production: Production) -> Faults:
    filters = {
        name
        for name, each in _section(production, "filters")
        if str(each.get("()", "")).endswith("RequireDebugTrue")
    }
    handlers = [
        (name, handler)
        for name, handler in _section(production, "handlers")
        if not str(handler.get("class", "")).endswith(("AdminEmailHandler", "NullHandler"))
    ]
    if handlers and all(filters & set(handler.get("filters") or ()) for _, handler in handlers):
        where = production.settings.at("LOGGING", handlers[0][0])
        yield Fault(f"The handler {handlers[0][0]!r} is silent unless DEBUG is on", where)


@rule(
    "LOG007",
    severity="error",
    title="LOGGING names something that it does not define",
    why="A handler names a formatter or filter, or a logger a handler, that is not there: Django "
    "does not start.",
    symptom="ValueError: Unable to configure handler 'console'.",
    fix="Define it, or correct the name.",
    url="https://docs.python.org/3/library/logging.config.html#logging-config-dictschema",
    mistake={"settings.py": "LOGGING['handlers']['console']['formatter'] = 'verbose'"},
    fixed={},
    repaired_by="logging",
)
def undefined(production: Production) -> Faults:
    settings = production.settings
    if not settings.complete("LOGGING"):
        return
    known = {
        section: {name for name, _ in _section(production, section)}
        for section in ("formatters", "filters", "handlers")
    }
    for name, handler in _section(production, "handlers"):
        formatter = handler.get("formatter")
        if isinstance(formatter, str) and formatter not in known["formatters"]:
            where = settings.at("LOGGING", name)
            yield Fault(f"The handler {name!r} has the formatter {formatter!r}, not defined", where)
    for name, logger in [*_section(production, "loggers"), *_root(production)]:
        for handler_name in logger.get("handlers") or ():
            if isinstance(handler_name, str) and handler_name not in known["handlers"]:
                where = settings.at("LOGGING", name)
                yield Fault(
                    f"The logger {name!r} has the handler {handler_name!r}, not defined", where
                )


def _root(production: Production) -> Iterator[tuple[str, dict[str, Any]]]:
    root = production.settings.get("LOGGING", "root", default={})
    if isinstance(root, dict):
        yield "root", root


@rule(
    "LOG008",
    severity="info",
    title="Your own loggers reach nobody",
    why="Only loggers of Django have a handler: what your own code logs below WARNING is lost, "
    "the rest has no time, name or level.",
    symptom="logger.info() that never shows.",
    fix='Give LOGGING a `"root": {"handlers": ["console"], "level": "INFO"}`.',
    url=f"{_TOPIC}/#configuring-logging",
    mistake={
        "settings.py": "LOGGING = {'version': 1, 'disable_existing_loggers': False,\n"
        "    'formatters': {'json': {'()': 'pythonjsonlogger.json.JsonFormatter'}},\n"
        "    'handlers': {'console': {'class': 'logging.StreamHandler', 'formatter': 'json'}},\n"
        "    'loggers': {'django': {'handlers': ['console'], 'level': 'INFO'}}}"
    },
    fixed={},
    repaired_by="logging",
)
def no_root(production: Production) -> Faults:
    settings = production.settings
    if not settings.complete("LOGGING") or "LOGGING" not in settings:
        return
    root = settings.get("LOGGING", "root", default={})
    names = {name for name, logger in _section(production, "loggers") if logger.get("handlers")}
    own = {app.partition(".")[0] for app in production.settings.texts("INSTALLED_APPS")}
    covered = "" in names or any(name.partition(".")[0] in own - {"django"} for name in names)
    if not (isinstance(root, dict) and root.get("handlers")) and names and not covered:
        yield Fault("The root logger has no handler", settings.at("LOGGING", "loggers"))


@rule(
    "LOG009",
    severity="warning",
    title="Every request is traced",
    why="A sample rate of 1.0 sends a trace of every request to the service: it costs time in "
    "each, and the quota of a month in a day.",
    symptom="Your organisation has exceeded its quota; responses that take longer under load.",
    fix="Read it from the environment: `traces_sample_rate=env.float(..., default=0.0)`.",
    url="https://docs.sentry.io/platforms/python/configuration/options/#traces_sample_rate",
    mistake={
        "settings.py": "import sentry_sdk\nsentry_sdk.init(dsn=env('SENTRY_DSN', default=''), "
        "traces_sample_rate=1.0)"
    },
    fixed={
        "settings.py": "import sentry_sdk\nsentry_sdk.init(dsn=env('SENTRY_DSN', default=''), "
        "traces_sample_rate=0.05)"
    },
)
def traces(production: Production) -> Faults:
    for file in production.settings_files:
        for call in file.calls("init"):
            named = call.func.value if isinstance(call.func, ast.Attribute) else None
            if named is None or last_name(named) != "sentry_sdk":
                continue
            for keyword in call.keywords:
                value = keyword.value.value if isinstance(keyword.value, ast.Constant) else None
                if keyword.arg == "traces_sample_rate" and value == 1:
                    yield Fault("traces_sample_rate is 1.0", file.at(keyword.value))
