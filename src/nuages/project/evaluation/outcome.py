"""Values of the evaluation as the facts show them."""

from __future__ import annotations

import datetime
import pathlib
import re
from typing import Any

from nuages.project.evaluation.state import public
from nuages.project.evaluation.values import (
    Items,
    OpenDict,
    Unknown,
    Value,
    describe,
    origins,
)
from nuages.project.facts import Setting
from nuages.text import Location

DEEPEST = 40
HIDDEN = re.compile("[\ue000-\ue002]")


def setting(name: str, value: Value, location: Location) -> Setting:
    """Return a value as a setting."""
    variables = tuple(sorted(origins(value)))
    reason = opaque(value.data)
    if reason:
        return Setting(name, "unknown", None, location, variables, False, reason)
    shown, partial = _Shown().shown(value, 0)
    return Setting(
        name, "environment" if variables else "known", shown, location, variables, partial
    )


def opaque(data: Any) -> str:
    """Return why a value cannot be shown at all; empty where it can."""
    if isinstance(data, Unknown):
        return data.reason
    if isinstance(data, str | pathlib.PurePath) and HIDDEN.search(public(str(data))):
        return "a part of the project's absolute path"
    if isinstance(data, (str, bytes, bool, int, float, list, tuple, dict, set, frozenset)):
        return f"an iterator ({len(data)} elements)" if isinstance(data, Items) else ""
    if data is None or isinstance(data, pathlib.PurePath | datetime.timedelta):
        return ""
    text = getattr(data, "text", None)
    if callable(text) and isinstance(text(), Value):
        return ""
    return f"an object: {describe(data)}"


class _Shown:
    """One conversion; it ends after so many parts that nobody would read them."""

    def __init__(self) -> None:
        self.left = 50_000

    def shown(self, value: Value, depth: int) -> tuple[Any, bool]:
        """Return a value as JSON has it, and whether a part of it is unknown."""
        data = value.data
        self.left -= 1
        reason = "too large to show" if depth > DEEPEST or self.left < 0 else opaque(data)
        if reason:
            return {"unknown": reason}, True
        if isinstance(data, dict):
            return self._dict(data, depth)
        if isinstance(data, (list, tuple)):
            items = [item if isinstance(item, Value) else Value(item) for item in data]
            pairs = [self.shown(item, depth + 1) for item in items]
            return [shown for shown, _ in pairs], any(partial for _, partial in pairs)
        if isinstance(data, (set, frozenset)):
            return sorted((_plain(item) for item in data), key=repr), False
        return _plain(data), False

    def _dict(self, data: dict[Any, Value], depth: int) -> tuple[Any, bool]:
        shown: dict[Any, Any] = {}
        partial = isinstance(data, OpenDict)
        for key, value in data.items():
            item, unsure = self.shown(value, depth + 1)
            shown[_plain(key) if not isinstance(key, tuple) else str(key)] = item
            partial = partial or unsure
        if isinstance(data, OpenDict):
            shown["…"] = {"unknown": data.reason}
        return shown, partial


def _plain(data: Any) -> Any:
    if isinstance(data, datetime.timedelta):
        return data.total_seconds()
    if isinstance(data, bytes):
        return data.decode("utf-8", "backslashreplace")
    if isinstance(data, (bool, int, float)) or data is None:
        return data
    text = getattr(data, "text", None)
    if callable(text):
        data = text().data
    return public(str(data))
