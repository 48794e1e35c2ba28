"""What stands in a line of the log, and in a report of an error."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.topics.versions.release import major
from nuages.project.python_source import last_name

_JSON = "pythonjsonlogger"
_OLD = "pythonjsonlogger.jsonlogger.JsonFormatter"
_NEW = "pythonjsonlogger.json.JsonFormatter"
_FORMATTER = (
    "LOGGING['formatters'] = {{'json': {{'()': '" + _NEW + "', "
    "'format': '%(levelname)s %(name)s %(message)s'{}}}}}\n"
    "LOGGING['handlers']['console']['formatter'] = 'json'"
)
_CLOUD = "provider: gcp\nregion: europe-west1\ndomain: shop.example.com\n"


def _formatters(production: Production) -> Iterator[tuple[str, dict[str, Any]]]:
    """The formatters of python-json-logger itself, by their names."""
    found = production.settings.get("LOGGING", "formatters")
    for name, value in found.items() if isinstance(found, dict) else ():
        kind = value.get("()", value.get("class", "")) if isinstance(value, dict) else ""
        if str(kind).startswith(_JSON):
            yield name, value


@rule(
    "LOG010",
    severity="warning",
    title="The console takes every line for an info",
    why="Google Cloud reads how grave an entry is from its field `severity`. Under any other name "
    "all entries are alike: nothing can be filtered, and no alert is sent.",
    symptom="Errors with a grey icon in Cloud Logging; an alert policy that never fires.",
    fix='Rename the field: `"rename_fields": {"levelname": "severity"}`.',
    url="https://cloud.google.com/logging/docs/structured-logging#special-payload-fields",
    mistake={"nuages.yaml": _CLOUD, "settings.py": _FORMATTER.format("")},
    fixed={
        "nuages.yaml": _CLOUD,
        "settings.py": _FORMATTER.format(", 'rename_fields': {'levelname': 'severity'}"),
    },
    repaired_by="logging",
)
def severity(production: Production) -> Faults:
    if production.deployment.provider != "cloud_run":
        return
    for name, formatter in _formatters(production):
        if "severity" not in str(formatter) and "unknown" not in str(formatter):
            where = production.settings.at("LOGGING", name)
            yield Fault(f"The formatter {name!r} has no field severity", where)


@rule(
    "LOG011",
    severity="info",
    title="The JSON formatter is at its old path",
    why="python-json-logger has moved it to `pythonjsonlogger.json`: the old module warns at each "
    "start, and goes away with a later release.",
    symptom="DeprecationWarning: pythonjsonlogger.jsonlogger has been moved to "
    "pythonjsonlogger.json.",
    fix=f"Write `{_NEW}`.",
    url="https://nhairs.github.io/python-json-logger/latest/changelog/",
    mistake={
        "requirements.txt": "django==5.2.8\npython-json-logger==3.3.0\n",
        "settings.py": _FORMATTER.format("").replace(_NEW, _OLD),
    },
    fixed={
        "requirements.txt": "django==5.2.8\npython-json-logger==3.3.0\n",
        "settings.py": _FORMATTER.format(""),
    },
)
def old_path(production: Production) -> Faults:
    for name, formatter in _formatters(production):
        release = major(production, "python-json-logger")
        if _OLD in formatter.values() and release is not None and release >= 3:
            where = production.settings.at("LOGGING", name)
            yield Fault(f"The formatter {name!r} is {_OLD}", where)


@rule(
    "LOG012",
    severity="info",
    title="Reports of errors tell who the visitor was",
    why="With send_default_pii Sentry is sent each visitor's name, address and cookies: a transfer "
    "of personal data that your privacy notice must name.",
    symptom="Names and IP addresses in an error report.",
    fix="Leave send_default_pii out, or say in the privacy notice what it sends.",
    url="https://docs.sentry.io/platforms/python/data-management/data-collected/",
    mistake={
        "settings.py": "import sentry_sdk\nsentry_sdk.init(dsn=env('SENTRY_DSN', default=''), "
        "send_default_pii=True)"
    },
    fixed={
        "settings.py": "import sentry_sdk\nsentry_sdk.init(dsn=env('SENTRY_DSN', default=''), "
        "send_default_pii=False)"
    },
)
def personal(production: Production) -> Faults:
    for file in production.settings_files:
        for call in file.calls("init"):
            named = call.func.value if isinstance(call.func, ast.Attribute) else None
            for keyword in call.keywords if named and last_name(named) == "sentry_sdk" else ():
                on = isinstance(keyword.value, ast.Constant) and keyword.value.value is True
                if keyword.arg == "send_default_pii" and on:
                    yield Fault("send_default_pii is True", file.at(keyword.value))
