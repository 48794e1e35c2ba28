"""Assignment to names, items, attributes, and several of them at once."""

from __future__ import annotations

import ast
from typing import Any

from nuages.project.evaluation.compute import elements
from nuages.project.evaluation.machine import Machine
from nuages.project.evaluation.signals import Raised
from nuages.project.evaluation.state import Scope
from nuages.project.evaluation.values import (
    Model,
    NotPlain,
    Unknown,
    Value,
    origins,
    plain,
    unknown,
)


def assign(machine: Machine, target: ast.expr, value: Value, scope: Scope) -> None:
    """Assign a value to a target."""
    if isinstance(target, ast.Name):
        machine.bind(scope, target.id, value, target)
    elif isinstance(target, ast.Tuple | ast.List):
        _unpack(machine, target.elts, value, scope)
    elif isinstance(target, ast.Starred):
        assign(machine, target.value, value, scope)
    elif isinstance(target, ast.Subscript):
        container = machine.value(target.value, scope)
        index = machine.value(target.slice, scope)
        machine.at = (target, scope.module)
        set_item(machine, container, index, value)
    elif isinstance(target, ast.Attribute):
        owner = machine.value(target.value, scope)
        if isinstance(owner.data, Model) and hasattr(owner.data, "set_attribute"):
            owner.data.set_attribute(target.attr, value.tainted(machine.pc))


def _unpack(machine: Machine, targets: list[ast.expr], value: Value, scope: Scope) -> None:
    items = elements(machine, value)
    if isinstance(items, Unknown) or any(item.unknown and item.data.many for item in items):
        reason = items.reason if isinstance(items, Unknown) else "a list that is partly unknown"
        for target in targets:
            assign(machine, target, unknown(reason, origins(value)), scope)
        return
    starred = next((i for i, t in enumerate(targets) if isinstance(t, ast.Starred)), None)
    after = 0 if starred is None else len(targets) - starred - 1
    if len(items) != len(targets) and (starred is None or len(items) < len(targets) - 1):
        error = ValueError(f"cannot unpack {len(items)} values into {len(targets)}")
        raise Raised(error, value.taint, location=machine.here)
    if starred is not None:
        end = len(items) - after
        items = [*items[:starred], Value(items[starred:end]), *items[end:]]
    for target, item in zip(targets, items, strict=True):
        assign(machine, target, item, scope)


def set_item(machine: Machine, container: Value, index: Value, value: Value) -> None:
    """Do ``container[index] = value``."""
    data: Any = container.data
    value = value.tainted(machine.pc)
    if isinstance(data, Model):
        if hasattr(data, "set_item"):
            data.set_item(machine, index, value)
        return
    try:
        if isinstance(data, dict):
            data[plain(index)] = value.tainted(index.taint)
        elif isinstance(data, list):
            key = plain(index)
            data[key] = elements(machine, value) if isinstance(key, slice) else value
        elif not isinstance(data, Unknown) and isinstance(data, (tuple, str, int, type(None))):
            error = TypeError(f"'{type(data).__name__}' object does not support item assignment")
            raise Raised(error, container.taint, location=machine.here)
    except (NotPlain, TypeError):
        spoil(data, "an item whose key cannot be told")
    except (IndexError, ValueError) as error:
        raise Raised(error, container.taint, location=machine.here) from error


def spoil(data: Any, reason: str) -> None:
    """Note in a container that something in it was changed that cannot be told."""
    if isinstance(data, list):
        data.append(unknown(reason, many=True))
    elif isinstance(data, dict):
        for key in list(data):
            data[key] = unknown(reason, origins(data[key]))
