"""Celery's options, wherever they are set: Django's settings, or the application's own file."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from nuages.checks.production import Production
from nuages.checks.sources.python_file import PythonFile
from nuages.project.python_source import keyword, last_name, literal
from nuages.text import Location

_OLD = {
    "broker_url": "BROKER_URL",
    "broker_transport_options": "BROKER_TRANSPORT_OPTIONS",
    "task_always_eager": "CELERY_ALWAYS_EAGER",
    "task_acks_late": "CELERY_ACKS_LATE",
    "task_ignore_result": "CELERY_IGNORE_RESULT",
    "task_time_limit": "CELERYD_TASK_TIME_LIMIT",
    "task_soft_time_limit": "CELERYD_TASK_SOFT_TIME_LIMIT",
    "worker_concurrency": "CELERYD_CONCURRENCY",
    "worker_prefetch_multiplier": "CELERYD_PREFETCH_MULTIPLIER",
    "beat_schedule": "CELERYBEAT_SCHEDULE",
    "beat_scheduler": "CELERYBEAT_SCHEDULER",
    "beat_schedule_filename": "CELERYBEAT_SCHEDULE_FILENAME",
}
"""Names before Celery 4, which are still understood; most were CELERY_ and the new name."""


class Options:
    """``value("task_acks_late")``. None always means "cannot be told"."""

    def __init__(self, production: Production):
        self._production = production
        self._settings = production.settings
        self.files = tuple(f for f in production.mentioning("Celery(", ".conf.") if _is_app(f))
        self._own = dict(pair for file in self.files for pair in _assigned(file))

    @property
    def app(self) -> PythonFile | None:
        """The file that makes the application."""
        found = self._production.project.celery
        path = found.evidence[0].location.path if found and found.evidence else ""
        return self._production.python(path) if path else None

    @property
    def configured(self) -> ast.Call | None:
        """The call of ``config_from_object``."""
        calls = (c for f in (self.app, *self.files) if f for c in f.calls("config_from_object"))
        return next(calls, None)

    @property
    def namespace(self) -> str | None:
        """The prefix of the settings; empty for none, None where they are not Django's."""
        call = self.configured
        if call is None or not call.args:
            return None
        if "settings" not in (literal(call.args[0]) or last_name(call.args[0])):
            return None
        given = keyword(call, "namespace") or (call.args[2] if len(call.args) > 2 else None)
        return literal(given) or ""

    def setting(self, name: str) -> str | None:
        """The Django setting that says an option."""
        space = self.namespace
        names = [f"{space}_{name.upper()}"] if space else []
        names += [_OLD.get(name, f"CELERY_{name.upper()}")]
        return next((each for each in names if each in self._settings), None)

    def said(self, name: str) -> bool:
        """Whether an option is set somewhere, or may be where nobody can look."""
        elsewhere = self.configured is not None and self.namespace is None
        return name in self._own or self.setting(name) is not None or elsewhere

    def value(self, name: str, *keys: str, default: Any = None) -> Any:
        """Its value in production; ``default`` where it is certainly not set."""
        if name in self._own:
            return _plain(self._own[name][0], keys, default)
        setting = self.setting(name)
        if setting is not None:
            return self._settings.get(setting, *keys, default=default)
        return None if self.said(name) else default

    def at(self, name: str, *keys: str) -> Location:
        """Where it is set, or where it would be."""
        if name in self._own:
            return self._own[name][1]
        setting = self.setting(name)
        if setting is not None:
            return self._settings.at(setting, *keys)
        near = self.setting("broker_url") or self.setting("result_backend")
        if near is not None:
            return self._settings.at(near)
        return Location(self.app.path if self.app else self._settings.path, 1)


def _is_app(file: PythonFile) -> bool:
    return "celery" in file.text and any(True for _ in file.calls("Celery"))


def _assigned(file: PythonFile) -> Iterator[tuple[str, tuple[ast.expr, Location]]]:
    """What a file sets on ``app.conf``, or hands to ``Celery``."""
    for call in file.calls("Celery"):
        for name, option in (("broker", "broker_url"), ("backend", "result_backend")):
            value = keyword(call, name)
            if value is not None:
                yield option, (value, file.at(value))
    for node in file.nodes(ast.Assign):
        target = node.targets[0]
        if isinstance(target, ast.Attribute) and last_name(target.value) == "conf":
            yield target.attr.lower(), (node.value, file.at(node))
    for call in file.calls("update"):
        owner = call.func.value if isinstance(call.func, ast.Attribute) else None
        if owner is not None and last_name(owner) == "conf":
            yield from _updated(file, call)


def _updated(file: PythonFile, call: ast.Call) -> Iterator[tuple[str, tuple[ast.expr, Location]]]:
    for option in call.keywords:
        if option.arg:
            yield option.arg.lower(), (option.value, file.at(option.value))
    for argument in call.args:
        if isinstance(argument, ast.Dict):
            for key, value in zip(argument.keys, argument.values, strict=True):
                yield (literal(key) or "").lower(), (value, file.at(value))


def _plain(node: ast.expr, keys: tuple[str, ...], default: Any) -> Any:
    try:
        value = ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError):
        return None
    for key in keys:
        if not isinstance(value, dict):
            return None
        value = value.get(key, default)
    return value


def uses_celery(production: Production) -> bool:
    """Whether production has a Celery application."""
    return production.project.celery is not None
