"""Calls and attributes."""

# a dispatch returns early
# ruff: noqa: PLR0911

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from nuages.project.evaluation.compute import compute, compute_call, elements
from nuages.project.evaluation.containers import reason_of
from nuages.project.evaluation.definitions import Property
from nuages.project.evaluation.machine import LIBRARY, Call, Machine, expression
from nuages.project.evaluation.methods import METHODS
from nuages.project.evaluation.operators import guard_format
from nuages.project.evaluation.signals import Raised
from nuages.project.evaluation.state import Scope
from nuages.project.evaluation.symbols import resolve
from nuages.project.evaluation.values import (
    ATOMS,
    Model,
    Native,
    NotPlain,
    Plain,
    Symbol,
    Unknown,
    Value,
    origins,
    plain,
    unknown,
)


@expression(ast.Call)
def call(machine: Machine, node: ast.Call, scope: Scope) -> Value:
    function = machine.value(node.func, scope)
    arguments: list[Value] = []
    keywords: dict[str, Value] = {}
    made = Call(machine, function, arguments, keywords, node, scope)
    for item in node.args:
        if isinstance(item, ast.Starred):
            _spread(machine, machine.value(item.value, scope), made)
        else:
            arguments.append(machine.value(item, scope))
    for keyword in node.keywords:
        value = machine.value(keyword.value, scope)
        if keyword.arg is not None:
            keywords[keyword.arg] = value
        elif isinstance(value.data, dict):
            keywords.update({str(key): item for key, item in value.data.items()})
        else:
            made.rest = Unknown(reason_of(value))
    before, machine.at = machine.at, (node, scope.module)
    try:
        return invoke(made)
    finally:
        machine.at = before


def _spread(machine: Machine, value: Value, made: Call) -> None:
    items = elements(machine, value)
    if isinstance(items, Unknown):
        made.rest = items
    else:
        made.arguments.extend(items)


def invoke(made: Call) -> Value:
    """Call whatever is called."""
    data = made.function.data
    made.machine.step()
    if isinstance(data, Native):
        return data.function(made)
    if isinstance(data, Model):
        return data.invoke(made).tainted(made.function.taint)
    if isinstance(data, type):
        return _construct(made, data)
    values = [*made.arguments, *made.keywords.values()]
    taint = origins(made.function).union(*(origins(value) for value in values))
    if isinstance(data, Plain) and callable(data):
        return compute_call(made.machine, data, made.arguments, made.keywords)
    if isinstance(data, Symbol):
        _handed(made, data.name)
        return unknown(f"a call of {data.name}", taint)
    if isinstance(data, Unknown):
        return unknown(data.reason, taint)
    error = TypeError(f"'{type(data).__name__}' object is not callable")
    raise Raised(error, taint, location=made.machine.here)


def _handed(made: Call, name: str) -> None:
    """A library that is handed ``globals()`` may set anything."""
    if any(getattr(value.data, "is_namespace", False) for value in made.arguments):
        made.scope.module.rest = f"may be set by {name}"
        made.machine.problem(f"{name} may set any setting")


def _construct(made: Call, kind: type) -> Value:
    if issubclass(kind, BaseException):
        try:
            message = [plain(value) for value in made.arguments]
        except NotPlain:
            message = ["…"]
        return Value(kind(*message), made.taint)
    known = CONSTRUCTORS.get(kind)
    if known is not None:
        return known(made)
    return compute_call(made.machine, kind, made.arguments, made.keywords)


CONSTRUCTORS: dict[type, Callable[[Call], Value]] = {}
"""What calling a type does, where it is more than calling a plain function."""


def constructor(*kinds: type) -> Callable[[Callable[[Call], Value]], Callable[[Call], Value]]:
    """Register what calling a type does."""

    def register(function: Callable[[Call], Value]) -> Callable[[Call], Value]:
        CONSTRUCTORS.update(dict.fromkeys(kinds, function))
        return function

    return register


@expression(ast.Attribute)
def attribute(machine: Machine, node: ast.Attribute, scope: Scope) -> Value:
    owner = machine.value(node.value, scope)
    machine.at = (node, scope.module)
    return attribute_of(machine, owner, node.attr)


def attribute_of(machine: Machine, owner: Value, name: str) -> Value:
    """Return ``owner.name``."""
    found = _attribute(machine, owner, name)
    if found is None:
        kind = getattr(owner.data, "name", None) or type(owner.data).__name__
        error = AttributeError(f"'{kind}' object has no attribute '{name}'")
        raise Raised(error, owner.taint, location=machine.here)
    if isinstance(found.data, Property):
        made = found.data
        return machine.call(Value(Bare(made.function)), [made.owner])
    return found.tainted(owner.taint)


class Bare(Model):
    """A function of the user's without its decorators."""

    def __init__(self, function: Any):
        self.function = function

    def invoke(self, call: Call) -> Value:
        made: Value = self.function.invoke(call)
        return made


def _attribute(machine: Machine, owner: Value, name: str) -> Value | None:
    data = owner.data
    if isinstance(data, Unknown):
        return unknown(data.reason)
    if isinstance(data, Symbol | Native):
        return resolve(f"{data.name}.{name}")
    if isinstance(data, Model):
        found = data.attribute(name)
        return found if found is not None or data.complete else _unmodelled(data, name)
    method = METHODS.get((_kind(data), name))
    if method is not None:
        return Value(Bound(name, owner, method))
    if isinstance(data, type) and issubclass(data, BaseException):
        return Value(data.__name__) if name == "__name__" else Value(Symbol(name))
    if isinstance(data, BaseException):
        return Value(Symbol(f"{type(data).__name__}.{name}"))
    if isinstance(data, type):
        known = LIBRARY.get(f"builtins.{data.__name__}.{name}")
        if known is not None:
            return known if isinstance(known, Value) else Value(known)
    return _plain_attribute(machine, owner, name)


def _unmodelled(data: Model, name: str) -> Value | None:
    if name.startswith("__"):
        return None
    return unknown(f"{getattr(data, 'name', '') or type(data).__name__}.{name}")


def _kind(data: Any) -> str:
    for kind in (dict, list, tuple, set, str):
        if isinstance(data, kind):
            return "list" if kind is tuple and hasattr(data, "_fields") else kind.__name__
    return type(data).__name__


def _plain_attribute(machine: Machine, owner: Value, name: str) -> Value | None:
    data = owner.data
    if name == "__class__" and isinstance(data, ATOMS):
        return Value(type(data))
    if not hasattr(data, name) or (name.startswith("__") and name not in ("__name__", "__doc__")):
        return None
    if isinstance(data, Plain) or not isinstance(data, (*ATOMS, list, tuple, dict, set, frozenset)):
        return unknown(f"{type(data).__name__}.{name}") if not isinstance(data, Plain) else None
    if name in CLOCK:
        return Value(Symbol(f"{getattr(data, '__name__', '')}.{name}"))
    found = getattr(data, name)
    if callable(found) and not isinstance(found, ATOMS):
        return Value(Bound(name, owner, None))
    if name == "parents":
        return compute(machine, lambda path: tuple(path.parents), owner)
    return compute(machine, lambda item: getattr(item, name), owner)


CLOCK = frozenset({"now", "today", "utcnow"})


class Bound(Model):
    """A method of a plain object or of a container."""

    def __init__(self, name: str, owner: Value, method: Any):
        self.name = name
        self.owner = owner
        self.method = method

    def invoke(self, call: Call) -> Value:
        if call.rest:
            return unknown(call.rest.reason, call.taint)
        if self.method is not None:
            made: Value = self.method(call, self.owner)
            return made

        def method(owner: Any, *args: Any, **kwargs: Any) -> Any:
            if isinstance(owner, str):
                _guard(owner, self.name, args)
            return getattr(owner, self.name)(*args, **kwargs)

        return compute_call(call.machine, method, [self.owner, *call.arguments], call.keywords)


def _guard(owner: str, name: str, args: tuple[Any, ...]) -> None:
    if name in ("format", "format_map"):
        guard_format(owner)
    if name in ("ljust", "rjust", "center", "zfill", "expandtabs"):
        guard_format(str(args[:1]))
