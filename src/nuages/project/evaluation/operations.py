"""Operators on values: sums of lists and merges of dicts keep their known elements."""

from __future__ import annotations

import ast
from typing import Any

from nuages.project.evaluation.compute import compute
from nuages.project.evaluation.containers import contains, merged, reason_of
from nuages.project.evaluation.machine import Machine
from nuages.project.evaluation.operators import (
    BINARY,
    COMPARE,
)
from nuages.project.evaluation.values import (
    Model,
    Symbol,
    Unknown,
    Value,
    unknown,
)


def operate(machine: Machine, kind: type[ast.operator], left: Value, right: Value) -> Value:
    """Apply a binary operator; sums of lists and merges of dicts keep their known elements."""
    a, b = left.data, right.data
    taint = left.taint | right.taint
    for own, other in ((left, right), (right, left)):
        if isinstance(own.data, Model) and hasattr(own.data, "operate"):
            made: Value = own.data.operate(machine, kind, other, own is right)
            return made
    if kind is ast.Add and _both(a, b):
        return Value(type(a)([*a, *b]) if type(a) in (list, tuple) else [*a, *b], taint)
    if kind is ast.Add and isinstance(a, (list, tuple)) and isinstance(b, Unknown | Symbol):
        return Value(type(a)([*a, unknown(reason_of(right), right.taint, True)]), taint)
    if kind is ast.Add and isinstance(b, (list, tuple)) and isinstance(a, Unknown | Symbol):
        return Value(type(b)([unknown(reason_of(left), left.taint, True), *b]), taint)
    if kind is ast.BitOr and isinstance(a, dict):
        return Value(merged(a, right), taint)
    return compute(machine, BINARY[kind], left, right)


def _both(a: Any, b: Any) -> bool:
    """Tell whether both are lists, or both are tuples."""
    lists = isinstance(a, list) and isinstance(b, list)
    return lists or (isinstance(a, tuple) and isinstance(b, tuple))


def compare(machine: Machine, kind: type[ast.cmpop], left: Value, right: Value) -> Value:
    """Compare two values."""
    if kind in (ast.In, ast.NotIn):
        found = contains(machine, right, left)
        if found.unknown:
            return found
        return Value(found.data if kind is ast.In else not found.data, found.taint)
    taint = left.taint | right.taint
    if isinstance(left.data, Model) and hasattr(left.data, "compare"):
        decided = left.data.compare(kind, right)
        return Value(decided, taint) if decided is not None else unknown(left.data.reason, taint)
    if kind in (ast.Is, ast.IsNot):
        if left.unknown or right.unknown or Symbol in (type(left.data), type(right.data)):
            return unknown(reason_of(left if not _certain(left) else right), taint)
        return Value((left.data is right.data) is (kind is ast.Is), taint)
    return compute(machine, COMPARE[kind], left, right)


def _certain(value: Value) -> bool:
    return not isinstance(value.data, Unknown | Symbol)
