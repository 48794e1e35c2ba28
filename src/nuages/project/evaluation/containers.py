"""Items of containers that may be partly unknown."""

# a dispatch returns early
# ruff: noqa: PLR0911

from __future__ import annotations

import ast
from typing import Any

from nuages.project.evaluation.compute import compute, lower, union
from nuages.project.evaluation.machine import Machine
from nuages.project.evaluation.operators import (
    COMPARE,
)
from nuages.project.evaluation.signals import Raised
from nuages.project.evaluation.values import (
    ATOMS,
    Model,
    NotPlain,
    OpenDict,
    Symbol,
    Unknown,
    Value,
    origins,
    plain,
    unknown,
)


def merged(built: dict[Any, Value], value: Value) -> dict[Any, Value]:
    """Return a dict with another merged into it; unknown keys leave it open."""
    if isinstance(value.data, dict):
        joined = {**built, **value.data}
        is_open = isinstance(value.data, OpenDict) or isinstance(built, OpenDict)
        return OpenDict(joined) if is_open else joined
    return OpenDict(built)


def reason_of(value: Value) -> str:
    """Return why a value cannot be told."""
    data = value.data
    if isinstance(data, Unknown | OpenDict):
        return data.reason
    return data.name if isinstance(data, Symbol) else "depends on what cannot be told"


def contains(machine: Machine, container: Value, item: Value) -> Value:
    """Tell whether a container holds an item, unknown where that cannot be told."""
    data = container.data
    taint = container.taint | item.taint
    if isinstance(data, Model) and hasattr(data, "contains"):
        held: Value = data.contains(machine, item)
        return held
    if isinstance(data, Unknown | Symbol) or item.unknown:
        return unknown(reason_of(item if item.unknown else container), taint)
    if isinstance(data, dict):
        return _key_in(machine, container, item, taint)
    if isinstance(data, (list, tuple)):
        unsure = next((x for x in data if x.unknown), None)
        for x in data:
            if not x.unknown and x.data is item.data:
                return Value(True, taint | x.taint)
        certain = Value([x for x in data if not x.unknown])
        found = compute(machine, lambda a, b: b in a, certain, item)
        if unsure is not None and found.data is False:
            return unknown(unsure.data.reason, union(container, item))
        return found.tainted(taint)
    return compute(machine, COMPARE[ast.In], item, container)


def _key_in(machine: Machine, container: Value, item: Value, taint: Any) -> Value:
    found = compute(machine, lambda key: key in container.data, item)
    if found.data is False and isinstance(container.data, OpenDict):
        return unknown(container.data.reason, taint)
    if found.data is True:
        taint |= container.data[plain(item)].taint
    return found.tainted(taint)


def item_of(machine: Machine, container: Value, index: Value) -> Value:
    """Return ``container[index]``."""
    data = container.data
    taint = container.taint | index.taint
    if isinstance(data, Model) and hasattr(data, "item"):
        got: Value = data.item(machine, index)
        return got
    if isinstance(data, Symbol | type):
        return container
    if isinstance(data, Unknown) or index.unknown:
        return unknown(reason_of(container if isinstance(data, Unknown) else index), taint)
    if isinstance(data, dict):
        return _dict_item(machine, container, index).tainted(taint)
    if isinstance(data, (list, tuple)) and not hasattr(data, "_fields"):
        return _sequence_item(machine, container, index).tainted(taint)
    if isinstance(data, ATOMS):
        return compute(machine, lambda a, b: a[b], container, index)
    return unknown(f"an item of {type(data).__name__}", taint)


def _dict_item(machine: Machine, container: Value, index: Value) -> Value:
    try:
        key = lower(machine, index)
        if key in container.data:
            found: Value = container.data[key]
            return found
    except (NotPlain, TypeError):
        return unknown("a key that cannot be told", union(container))
    if isinstance(container.data, OpenDict):
        return unknown(container.data.reason)
    default = getattr(container.data, "default", None)
    if default is not None:
        made = machine.call(default)
        container.data[key] = made
        return made
    raise Raised(KeyError(key), container.taint | index.taint, location=machine.here)


def _sequence_item(machine: Machine, container: Value, index: Value) -> Value:
    data = container.data
    many = [position for position, item in enumerate(data) if item.unknown and item.data.many]
    position = index.data
    if many:
        before = isinstance(position, int) and 0 <= position < many[0]
        after = isinstance(position, int) and position < 0 and position >= many[-1] + 1 - len(data)
        if not (before or after):
            return unknown(data[many[0]].data.reason, origins(container))
    try:
        found = data[position]
    except (IndexError, TypeError) as error:
        raise Raised(error, container.taint | index.taint, location=machine.here) from error
    return found if isinstance(found, Value) else Value(found)
