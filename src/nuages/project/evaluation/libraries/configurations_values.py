"""The ``values`` of django-configurations: a default, and a variable that overrides it."""

from __future__ import annotations

import ast
import decimal
from collections.abc import Callable
from typing import Any

from nuages.project.evaluation.compute import compute, lower
from nuages.project.evaluation.libraries import urls
from nuages.project.evaluation.libraries.environment import find, noted
from nuages.project.evaluation.libraries.paths import absolute, inside, is_file, is_folder
from nuages.project.evaluation.machine import LIBRARY, Call, Machine
from nuages.project.evaluation.signals import Raised
from nuages.project.evaluation.values import (
    NONE,
    Model,
    Native,
    NotPlain,
    Value,
    lift,
    origins,
    unknown,
)

TRUE = ("yes", "y", "true", "1")
FALSE = ("no", "n", "false", "0", "")


def boolean(text: str) -> bool:
    """``BooleanValue.to_python``."""
    low = text.strip().lower()
    if low not in TRUE + FALSE:
        raise ValueError(f"Cannot interpret boolean value {text!r}")
    return low in TRUE


def items(text: str, separator: str = ",", converter: Any = None) -> list[Any]:
    """``SequenceValue.to_python``."""
    found = [item.strip() for item in text.strip().split(separator)]
    return [converter(item) if converter else item for item in found if item]


def nested(text: str, separator: str = ",", seq_separator: str = ";", converter: Any = None) -> Any:
    """``SingleNestedSequenceValue.to_python``."""
    rows = [row.strip() for row in text.strip().split(seq_separator)]
    return [items(row, separator, converter) for row in rows if row]


def mapping(text: str) -> dict[Any, Any]:
    """``DictValue.to_python``."""
    found = ast.literal_eval(text) if text else {}
    if not isinstance(found, dict):
        raise TypeError(f"Cannot interpret dict value {text!r}")
    return found


def positive(text: str) -> int:
    """``PositiveIntegerValue.to_python``."""
    if int(text) < 0:
        raise ValueError(f"Cannot interpret value {text!r}")
    return int(text)


SEQUENCE = ("separator", "converter", "seq_separator")
KINDS: dict[str, tuple[str | None, Callable[..., Any], Any]] = {
    "Value": (None, str, None),
    "BooleanValue": ("bool", boolean, None),
    "IntegerValue": ("int", int, None),
    "PositiveIntegerValue": ("int", positive, None),
    "FloatValue": ("float", float, None),
    "DecimalValue": ("decimal", decimal.Decimal, None),
    "ListValue": ("list", items, list),
    "BackendsValue": ("list", items, list),
    "TupleValue": ("list", lambda *a, **k: tuple(items(*a, **k)), tuple),
    "SetValue": ("list", lambda *a, **k: set(items(*a, **k)), set),
    "SingleNestedListValue": ("list", nested, list),
    "SingleNestedTupleValue": ("list", lambda *a, **k: tuple(map(tuple, nested(*a, **k))), tuple),
    "DictValue": ("dict", mapping, dict),
    "EmailValue": (None, str, None),
    "URLValue": (None, str, None),
    "IPValue": (None, str, None),
    "RegexValue": (None, str, None),
    "PathValue": (None, str, None),
    "SecretValue": (None, str, None),
    "DatabaseURLValue": ("url:database", urls.database, dict),
    "CacheURLValue": ("url:cache", urls.cache, dict),
    "EmailURLValue": ("url:email", urls.email, dict),
}
SERVICES = {
    "DatabaseURLValue": "DATABASE_URL",
    "CacheURLValue": "CACHE_URL",
    "EmailURLValue": "EMAIL_URL",
}


class ConfiguredValue(Model):
    """One ``values.SomethingValue(...)``."""

    def __init__(self, kind: str, call: Call):
        self.kind = kind
        self.cast, self.convert, self.empty = KINDS[kind]
        self.keywords = call.keywords
        self.default = call.argument(0, "default", NONE)
        if isinstance(self.default.data, ConfiguredValue):
            self.default = self.default.data.default
        service = SERVICES.get(kind)
        self.environ = self._flag("environ", True)
        self.environ_name = self._text("environ_name", service)
        self.prefix = self._text("environ_prefix", None if service else "DJANGO")
        self.required = self._flag("environ_required", kind == "SecretValue")
        self.multiple = kind == "EmailURLValue"
        self.late = self._flag("late_binding", service is not None)

    def _flag(self, name: str, otherwise: bool) -> bool:
        return bool(self.keywords.get(name, Value(otherwise)).data)

    def _text(self, name: str, otherwise: str | None) -> str | None:
        found = self.keywords.get(name, Value(otherwise)).data
        return found if isinstance(found, str) else None

    def attribute(self, name: str) -> Value | None:
        return self.default if name in ("value", "default") else None

    def variable(self, name: str) -> str:
        """Return the variable's name for a setting's name."""
        own = self.environ_name or name.upper()
        prefix = (self.prefix or "").removesuffix("_")
        return f"{prefix}_{own}" if prefix else own

    def setup(self, machine: Machine, name: str) -> Value:
        """Return the value for a setting; a required variable that is missing is noted."""
        value = self._default(machine)
        if not self.environ:
            return value
        variable = self.variable(name)
        error = ValueError(
            f"Value {name!r} is required to be set as the environment variable {variable!r}"
        )
        default = None if self.required else self.default
        noted(
            machine,
            variable,
            default=default,
            cast=self.cast,
            error=error if self.required else None,
        )
        found = find(machine, variable)
        if found is None and self.required:
            return machine.missing(variable, error)
        if found is None:
            return self._checked(machine, value.tainted(frozenset({variable})))
        return self._checked(machine, self._converted(machine, found))

    def _default(self, machine: Machine) -> Value:
        if self.kind in SERVICES and isinstance(self.default.data, str):
            return self._converted(machine, self.default)
        if self.empty is not None and self.default.data is None:
            return lift(self.empty())
        if self.empty in (list, tuple):
            return machine.call(Value(self.empty), [self.default])
        return self.default

    def _converted(self, machine: Machine, text: Value) -> Value:
        options = {name: value for name, value in self.keywords.items() if name in SEQUENCE}
        if self.kind in SERVICES:
            names = ("conn_max_age", "conn_health_checks", "ssl_require", "engine")
            options = {name: value for name, value in self.keywords.items() if name in names}
        try:
            plain = {name: lower(machine, value) for name, value in options.items()}
        except NotPlain as error:
            return unknown(error.reason, origins(text))
        made = compute(machine, lambda found: self.convert(found, **plain), text)
        if self.kind in ("DatabaseURLValue", "CacheURLValue"):
            alias = self._text("alias", "default")
            return made if made.unknown else Value({alias: made}, made.taint)
        return made

    def _checked(self, machine: Machine, value: Value) -> Value:
        """A path must exist, where that can be told; it becomes absolute."""
        if self.kind != "PathValue" or value.unknown or value.data is None:
            return value
        path = compute(machine, lambda found: absolute(machine, found), value)
        inner = inside(machine, path.data) if isinstance(path.data, str) else None
        there = inner is None or is_file(machine, path.data) or is_folder(machine, path.data)
        if not there and self._flag("check_exists", True):
            error = ValueError(f"Path {value.data!r} does not exist.")
            raise Raised(error, value.taint, location=machine.here)
        return path


def _maker(kind: str) -> Callable[[Call], Value]:
    def model(call: Call) -> Value:
        made = ConfiguredValue(kind, call)
        if made.environ and made.environ_name and not made.late:
            return made.setup(call.machine, made.environ_name)
        if not made.environ and made.default.data and not made.late:
            return made._default(call.machine)
        return Value(made)

    return model


for _kind in KINDS:
    LIBRARY[f"configurations.values.{_kind}"] = Value(
        Native(f"configurations.values.{_kind}", _maker(_kind))
    )
