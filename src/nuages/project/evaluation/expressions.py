"""What each kind of expression evaluates to."""

# a registered handler takes what every handler takes; a dispatch returns early
# ruff: noqa: ARG001, PLR0911

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable
from typing import Any

from nuages.project.evaluation.compute import compute, elements, truth
from nuages.project.evaluation.containers import item_of, merged, reason_of
from nuages.project.evaluation.machine import LIBRARY, Machine, expression
from nuages.project.evaluation.operations import compare, operate
from nuages.project.evaluation.operators import (
    UNARY,
    guard_format,
)
from nuages.project.evaluation.signals import Raised
from nuages.project.evaluation.state import Scope
from nuages.project.evaluation.values import (
    CLEAN,
    NONE,
    Model,
    NotPlain,
    OpenDict,
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
    inner = scope.elsewhere.get(name, scope)
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


@expression(ast.BinOp)
def binary(machine: Machine, node: ast.BinOp, scope: Scope) -> Value:
    left, right = machine.value(node.left, scope), machine.value(node.right, scope)
    return operate(machine, type(node.op), left, right)


@expression(ast.UnaryOp)
def unary(machine: Machine, node: ast.UnaryOp, scope: Scope) -> Value:
    value = machine.value(node.operand, scope)
    if isinstance(node.op, ast.Not):
        known = truth(value)
        if known is None:
            return unknown(reason_of(value), origins(value))
        return Value(not known, origins(value) if isinstance(value.data, list) else value.taint)
    return compute(machine, UNARY[type(node.op)], value)


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
        machine,
        lambda *parts: "".join(parts),
        *(machine.value(part, scope) for part in node.values),
    )


CONVERSIONS: dict[int, Callable[[Any], str]] = {114: repr, 115: str, 97: ascii}


@expression(ast.FormattedValue)
def placeholder(machine: Machine, node: ast.FormattedValue, scope: Scope) -> Value:
    value = machine.value(node.value, scope)
    spec = machine.value(node.format_spec, scope) if node.format_spec else Value("")

    def text(item: Any, template: str) -> str:
        guard_format(template)
        convert = CONVERSIONS.get(node.conversion)
        return format(convert(item) if convert else item, template)

    if isinstance(value.data, Model) and hasattr(value.data, "text"):
        value = value.data.text()
    return compute(machine, text, value, spec)


@expression(ast.NamedExpr)
def walrus(machine: Machine, node: ast.NamedExpr, scope: Scope) -> Value:
    value = machine.value(node.value, scope)
    while scope.comprehension and scope.outer is not None:
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
    parts = [
        machine.value(part, scope) if part else NONE for part in (node.lower, node.upper, node.step)
    ]
    return compute(machine, slice, *parts)


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
