"""Python's built-in functions."""

# a registered handler takes what every handler takes
# ruff: noqa: ARG001

from __future__ import annotations

import builtins
from typing import Any

from nuages.project.evaluation.calls import CONSTRUCTORS, attribute_of, constructor
from nuages.project.evaluation.compute import (
    compute,
    compute_call,
    elements,
    pure,
    truth,
    union,
)
from nuages.project.evaluation.containers import merged, reason_of
from nuages.project.evaluation.machine import LIBRARY, Call, library
from nuages.project.evaluation.signals import Raised
from nuages.project.evaluation.values import (
    NONE,
    Model,
    Native,
    NotPlain,
    OpenDict,
    Unknown,
    Value,
    origins,
    plain,
    unknown,
)

PURE = ("abs", "ascii", "bin", "chr", "divmod", "format", "hash", "hex", "oct", "ord", "round")
TYPES = (str, int, float, complex, bool, bytes, list, tuple, dict, set, frozenset, object, slice)
SILENT = ("print", "breakpoint", "exit_", "help", "input_")


def _install() -> None:
    for name in PURE:
        LIBRARY[f"builtins.{name}"] = Value(
            Native(f"builtins.{name}", pure(getattr(builtins, name)))
        )
    for kind in TYPES:
        LIBRARY.setdefault(f"builtins.{kind.__name__}", Value(kind))
    for name in SILENT:
        LIBRARY[f"builtins.{name}"] = Value(Native(f"builtins.{name}", lambda _: NONE))
    for name in ("property", "classmethod", "staticmethod"):
        LIBRARY[f"builtins.{name}"] = Value(Native(f"builtins.{name}", lambda c: c.arguments[0]))
    for name, found in vars(builtins).items():
        if isinstance(found, type) and issubclass(found, BaseException):
            LIBRARY[f"builtins.{name}"] = Value(found)
    for name, found in (("True", True), ("False", False), ("Ellipsis", ...)):
        LIBRARY[f"builtins.{name}"] = Value(found)


@constructor(list)
def list_(call: Call) -> Value:
    """``list(...)`` and, through it, ``tuple(...)``."""
    if not call.arguments:
        return Value([])
    items = elements(call.machine, call.arguments[0])
    if isinstance(items, Unknown):
        return Value([unknown(items.reason, union(*call.arguments), many=True)])
    return Value(items, call.arguments[0].taint)


@constructor(tuple)
def tuple_(call: Call) -> Value:
    made = list_(call)
    return Value(tuple(made.data), made.taint)


@constructor(dict)
def dict_(call: Call) -> Value:
    built: dict[Any, Value] = {}
    taint = call.arguments[0].taint if call.arguments else frozenset()
    if call.arguments:
        source = call.arguments[0]
        is_dict = isinstance(source.data, dict)
        built = merged({}, source) if is_dict else _pairs(call, source)
    built.update(call.keywords)
    return Value(OpenDict(built) if call.rest else built, taint)


def _pairs(call: Call, source: Value) -> dict[Any, Value]:
    items = elements(call.machine, source)
    if isinstance(items, Unknown):
        return OpenDict()
    built: dict[Any, Value] = {}
    for item in items:
        try:
            pair = elements(call.machine, item)
            if isinstance(pair, Unknown):
                return OpenDict(built)
            key, value = pair
            built[plain(key)] = value
        except NotPlain:
            built = OpenDict(built)
        except (TypeError, ValueError) as error:
            raise Raised(error, union(source), location=call.machine.here) from error
    return built


@constructor(bool)
def bool_(call: Call) -> Value:
    if not call.arguments:
        return Value(False)
    value = call.arguments[0]
    known = truth(value)
    if known is None:
        return unknown(reason_of(value), origins(value))
    return Value(known, origins(value) if isinstance(value.data, list) else value.taint)


@constructor(str)
def str_(call: Call) -> Value:
    if call.arguments and isinstance(call.arguments[0].data, Model):
        text = getattr(call.arguments[0].data, "text", None)
        if text is not None:
            shown: Value = text()
            return shown.tainted(call.arguments[0].taint)
    return compute_call(call.machine, str, call.arguments, call.keywords)


@constructor(object)
def object_(call: Call) -> Value:
    return unknown("an object()")


@library("builtins.len")
def len_(call: Call) -> Value:
    value = call.argument(0, "obj", NONE)
    if isinstance(value.data, (list, tuple, dict)) and not isinstance(value.data, OpenDict):
        many = [x for x in value.data if isinstance(x, Value) and x.unknown and x.data.many]
        if not many:
            return Value(len(value.data), value.taint)
        return unknown(many[0].data.reason, origins(value))
    return compute(call.machine, len, value)


@library("builtins.isinstance")
def isinstance_(call: Call) -> Value:
    value, kind = call.argument(0, "obj", NONE), call.argument(1, "cls", NONE)
    data = value.data
    if isinstance(data, (list, tuple, dict)):
        data = type(data)()
    if value.unknown or isinstance(data, Model | Native):
        return unknown(reason_of(value), origins(value))
    try:
        return Value(isinstance(data, plain(kind)), value.taint)
    except (NotPlain, TypeError):
        return unknown(reason_of(value), origins(value))


@library("builtins.getattr")
def getattr_(call: Call) -> Value:
    owner, name = call.argument(0, "obj", NONE), call.argument(1, "name", NONE)
    default = call.argument(2, "default")
    if not isinstance(name.data, str):
        return unknown(reason_of(name), union(*call.arguments))
    try:
        return attribute_of(call.machine, owner, name.data).tainted(name.taint)
    except Raised as raised:
        if default is None or not isinstance(raised.error, AttributeError):
            raise
        return default.tainted(raised.taint | name.taint)


@library("builtins.hasattr")
def hasattr_(call: Call) -> Value:
    owner, name = call.argument(0, "obj", NONE), call.argument(1, "name", NONE)
    try:
        found = attribute_of(call.machine, owner, str(name.data))
    except Raised:
        return Value(False, union(owner, name))
    if found.unknown or owner.unknown:
        return unknown(reason_of(found), union(owner, name))
    return Value(True, union(owner, name))


@library("builtins.setattr")
def setattr_(call: Call) -> Value:
    owner: Any = call.arguments[0].data if call.arguments else None
    if len(call.arguments) == 3 and hasattr(owner, "set_attribute"):
        name = call.arguments[1].data
        if isinstance(name, str):
            owner.set_attribute(name, call.arguments[2].tainted(call.machine.pc))
    return NONE


@library("builtins.callable")
def callable_(call: Call) -> Value:
    data = call.argument(0, "obj", NONE).data
    if isinstance(data, Unknown):
        return unknown(data.reason)
    return Value(isinstance(data, Model | Native | type))


@library("builtins.type")
def type_(call: Call) -> Value:
    data = call.argument(0, "object", NONE).data
    return Value(type(data)) if isinstance(data, TYPES[:-2]) else unknown("type()")


for _name in ("sorted", "min", "max", "any", "all", "pow", "repr"):
    LIBRARY[f"builtins.{_name}"] = Value(
        Native(f"builtins.{_name}", pure(getattr(builtins, _name)))
    )
for _plain in (int, float, complex, bytes, set, frozenset, slice):
    CONSTRUCTORS[_plain] = pure(_plain)
_install()
