"""What each kind of expression evaluates to."""

from __future__ import annotations

import ast
import builtins
from typing import Any

from nuages.project.evaluation.compute import compute, elements, lower, truth, union
from nuages.project.evaluation.machine import LIBRARY, Machine, Scope, expression
from nuages.project.evaluation.operators import (
    BINARY,
    COMPARE,
    UNARY,
    TooLarge,
    guard_format,
)
from nuages.project.evaluation.signals import Raised
from nuages.project.evaluation.values import (
    CLEAN,
    ATOMS,
    NONE,
    Model,
    NotPlain,
    OpenDict,
    Symbol,
    Unknown,
    Value,
    join,
    lift,
    origins,
    plain,
    unknown,
)


@expression(ast.Constant)
def constant(machine: Machine, node: ast.Constant, scope: Scope) -> Value:
    return Value(node.value)


@expression(ast.Name)
def name(machine: Machine, node: ast.Name, scope: Scope) -> Value:
    found = lookup(machine, node.id, scope)
    if found is not None:
        return found
    error = NameError(f"name '{node.id}' is not defined")
    raise Raised(error, location=machine.locate(node, scope.module))


def lookup(machine: Machine, name: str, scope: Scope) -> Value | None:
    """Return what a name means in a scope: locals, enclosing functions, module, built-ins."""
    inner: Scope | None = scope if name not in scope.elsewhere else scope.elsewhere[name]
    while inner is not None:
        if name in inner.names and (inner is scope or inner.function):
            return inner.names[name]
        inner = inner.outer
    module = scope.module
    if name in module.names:
        return module.names[name]
    if module.rest and not hasattr(builtins, name):
        return unknown(module.rest)
    if name == "__file__":
        return Value(module.file)
    if name == "__name__":
        return Value(module.name)
    if name in ("__package__", "__doc__", "__builtins__", "__spec__"):
        return Value(module.package) if name == "__package__" else NONE
    found = LIBRARY.get(f"builtins.{name}")
    if found is None and hasattr(builtins, name):
        found = unknown(f"{name}() is not evaluated")
    return found


@expression(ast.List)
def list_(machine: Machine, node: ast.List, scope: Scope) -> Value:
    return Value(_elements(machine, node.elts, scope))


@expression(ast.Tuple)
def tuple_(machine: Machine, node: ast.Tuple, scope: Scope) -> Value:
    return Value(tuple(_elements(machine, node.elts, scope)))


@expression(ast.Set)
def set_(machine: Machine, node: ast.Set, scope: Scope) -> Value:
    return compute(machine, set, Value(_elements(machine, node.elts, scope)))


def _elements(machine: Machine, nodes: list[ast.expr], scope: Scope) -> list[Value]:
    found: list[Value] = []
    for node in nodes:
        if isinstance(node, ast.Starred):
            value = machine.value(node.value, scope)
            items = elements(machine, value)
            if isinstance(items, Unknown):
                found.append(unknown(items.reason, origins(value), many=True))
            else:
                found.extend(items)
        else:
            found.append(machine.value(node, scope))
    return found


@expression(ast.Dict)
def dict_(machine: Machine, node: ast.Dict, scope: Scope) -> Value:
    built: dict[Any, Value] = {}
    taint = CLEAN
    for key_node, value_node in zip(node.keys, node.values, strict=True):
        value = machine.value(value_node, scope)
        if key_node is None:
            taint |= value.taint
            built = merged(built, value)
            continue
        key = machine.value(key_node, scope)
        taint |= key.taint
        try:
            built[plain(key)] = value
        except (NotPlain, TypeError):
            built = OpenDict(built)
    return Value(built, taint)


def merged(built: dict[Any, Value], value: Value) -> dict[Any, Value]:
    """Return a dict with another merged into it; unknown keys leave it open."""
    if isinstance(value.data, dict):
        joined = {**built, **value.data}
        is_open = isinstance(value.data, OpenDict) or isinstance(built, OpenDict)
        return OpenDict(joined) if is_open else joined
    return OpenDict(built)


@expression(ast.BinOp)
def binary(machine: Machine, node: ast.BinOp, scope: Scope) -> Value:
    left, right = machine.value(node.left, scope), machine.value(node.right, scope)
    return operate(machine, type(node.op), left, right)


def operate(machine: Machine, kind: type[ast.operator], left: Value, right: Value) -> Value:
    """Apply a binary operator; sums of lists and merges of dicts keep their known elements."""
    a, b = left.data, right.data
    taint = left.taint | right.taint
    for own, other, reverse in ((left, b, False), (right, a, True)):
        operation = getattr(own.data, "operate", None)
        if isinstance(own.data, Model) and operation is not None:
            return operation(machine, kind, right if own is left else left, reverse)
    if kind is ast.Add and isinstance(a, (list, tuple)) and isinstance(b, (list, tuple)):
        if isinstance(a, list) == isinstance(b, list):
            return Value(type(a)([*a, *b]) if type(a) in (list, tuple) else [*a, *b], taint)
    if kind is ast.Add and isinstance(a, (list, tuple)) and isinstance(b, Unknown):
        return Value(type(a)([*a, unknown(b.reason, right.taint, True)]), taint)
    if kind is ast.Add and isinstance(b, (list, tuple)) and isinstance(a, Unknown):
        return Value(type(b)([unknown(a.reason, left.taint, True), *b]), taint)
    if kind is ast.BitOr and isinstance(a, dict):
        return Value(merged(a, right), taint)
    return compute(machine, BINARY[kind], left, right)


@expression(ast.UnaryOp)
def unary(machine: Machine, node: ast.UnaryOp, scope: Scope) -> Value:
    value = machine.value(node.operand, scope)
    if isinstance(node.op, ast.Not):
        known = truth(value)
        if known is None:
            return unknown(reason_of(value), origins(value))
        return Value(not known, origins(value) if isinstance(value.data, list) else value.taint)
    return compute(machine, UNARY[type(node.op)], value)


def reason_of(value: Value) -> str:
    """Return why a value cannot be told."""
    data = value.data
    if isinstance(data, Unknown | OpenDict):
        return data.reason
    return data.name if isinstance(data, Symbol) else "depends on what cannot be told"


@expression(ast.BoolOp)
def boolean(machine: Machine, node: ast.BoolOp, scope: Scope) -> Value:
    stop = isinstance(node.op, ast.Or)
    taint = CLEAN
    value = NONE
    for index, operand in enumerate(node.values):
        with machine.depending(taint):
            value = machine.value(operand, scope).tainted(taint)
        if index == len(node.values) - 1:
            return value
        known = truth(value)
        if known is None:
            return _undecided(machine, node.values[index + 1 :], value, stop, scope)
        taint = value.taint
        if known == stop:
            return value
    return value


def _undecided(
    machine: Machine, rest: list[ast.expr], value: Value, stop: bool, scope: Scope
) -> Value:
    """Go on after an operand that cannot be told: only a certain last word is a result."""
    taint = origins(value)
    for operand in rest:
        try:
            other = machine.value(operand, scope)
        except Raised:
            continue
        taint |= origins(other)
        if not stop and truth(other) is False and not other.unknown and other.data in (False,):
            return Value(False, taint) if isinstance(value.data, Unknown) else other
    return unknown(reason_of(value), taint)


@expression(ast.Compare)
def comparison(machine: Machine, node: ast.Compare, scope: Scope) -> Value:
    left = machine.value(node.left, scope)
    result = Value(True)
    for kind, operand in zip(node.ops, node.comparators, strict=True):
        right = machine.value(operand, scope)
        result = compare(machine, type(kind), left, right).tainted(result.taint)
        if truth(result) is not True:
            return result
        left = right
    return result


def compare(machine: Machine, kind: type[ast.cmpop], left: Value, right: Value) -> Value:
    """Compare two values."""
    if kind in (ast.In, ast.NotIn):
        found = contains(machine, right, left)
        if found.unknown:
            return found
        return Value(found.data if kind is ast.In else not found.data, found.taint)
    taint = left.taint | right.taint
    special = getattr(left.data, "compare", None)
    if isinstance(left.data, Model) and special is not None:
        found = special(kind, right)
        if found is not None:
            return Value(found, taint)
    if kind in (ast.Is, ast.IsNot):
        if left.unknown or right.unknown or Symbol in (type(left.data), type(right.data)):
            return unknown(reason_of(left if not _certain(left) else right), taint)
        return Value((left.data is right.data) is (kind is ast.Is), taint)
    return compute(machine, COMPARE[kind], left, right)


def _certain(value: Value) -> bool:
    return not isinstance(value.data, Unknown | Symbol)


def contains(machine: Machine, container: Value, item: Value) -> Value:
    """Tell whether a container holds an item, unknown where that cannot be told."""
    data = container.data
    taint = container.taint | item.taint
    if isinstance(data, Model) and hasattr(data, "contains"):
        return data.contains(machine, item)
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


@expression(ast.IfExp)
def conditional(machine: Machine, node: ast.IfExp, scope: Scope) -> Value:
    test = machine.value(node.test, scope)
    known = truth(test)
    if known is not None:
        with machine.depending(test.taint):
            return machine.value(node.body if known else node.orelse, scope).tainted(test.taint)
    results: list[Value] = []
    for branch in (node.body, node.orelse):
        try:
            results.append(machine.value(branch, scope))
        except Raised as raised:
            failed = raised
    if not results:
        raise failed
    if len(results) == 1:
        return results[0].tainted(origins(test))
    return join(results[0], results[1], reason_of(test)).tainted(origins(test))


@expression(ast.JoinedStr)
def formatted(machine: Machine, node: ast.JoinedStr, scope: Scope) -> Value:
    return compute(
        machine, lambda *parts: "".join(parts), *(machine.value(part, scope) for part in node.values)
    )


@expression(ast.FormattedValue)
def placeholder(machine: Machine, node: ast.FormattedValue, scope: Scope) -> Value:
    value = machine.value(node.value, scope)
    spec = machine.value(node.format_spec, scope) if node.format_spec else Value("")

    def text(item: Any, template: str) -> str:
        guard_format(template)
        converted = {114: repr, 115: str, 97: ascii}.get(node.conversion, lambda x: x)(item)
        return format(converted, template)

    if isinstance(value.data, Model) and hasattr(value.data, "text"):
        value = value.data.text()
    return compute(machine, text, value, spec)


@expression(ast.NamedExpr)
def walrus(machine: Machine, node: ast.NamedExpr, scope: Scope) -> Value:
    value = machine.value(node.value, scope)
    while scope.outer is not None and not scope.function:
        scope = scope.outer
    machine.bind(scope, node.target.id, value, node)
    return value


@expression(ast.Subscript)
def subscript(machine: Machine, node: ast.Subscript, scope: Scope) -> Value:
    container = machine.value(node.value, scope)
    index = machine.value(node.slice, scope)
    machine.at = (node, scope.module)
    return item_of(machine, container, index)


@expression(ast.Slice)
def slice_(machine: Machine, node: ast.Slice, scope: Scope) -> Value:
    parts = [machine.value(part, scope) if part else NONE for part in (node.lower, node.upper, node.step)]
    return compute(machine, slice, *parts)


def item_of(machine: Machine, container: Value, index: Value) -> Value:
    """Return ``container[index]``."""
    data = container.data
    taint = container.taint | index.taint
    if isinstance(data, Model) and hasattr(data, "item"):
        return data.item(machine, index)
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


@expression(ast.Starred)
def starred(machine: Machine, node: ast.Starred, scope: Scope) -> Value:
    return machine.value(node.value, scope)


@expression(ast.Await, ast.Yield, ast.YieldFrom)
def yielded(machine: Machine, node: Any, scope: Scope) -> Value:
    if node.value is not None:
        value = machine.value(node.value, scope)
        inner = scope
        while not inner.function and inner.outer is not None:
            inner = inner.outer
        inner.result.append(value)
    return lift(None)
