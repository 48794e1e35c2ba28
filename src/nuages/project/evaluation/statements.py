"""What each kind of statement does; compound ones are in ``branches`` and ``blocks``."""

# a registered handler takes what every handler takes
# ruff: noqa: ARG001

from __future__ import annotations

import ast
from typing import Any

from nuages.project.evaluation.compute import elements, truth
from nuages.project.evaluation.containers import reason_of
from nuages.project.evaluation.expressions import lookup
from nuages.project.evaluation.machine import Machine, statement
from nuages.project.evaluation.operations import operate
from nuages.project.evaluation.signals import Broke, Continued, Raised, Returned
from nuages.project.evaluation.state import Scope
from nuages.project.evaluation.targets import assign, spoil
from nuages.project.evaluation.values import (
    NONE,
    Model,
    NotPlain,
    OpenDict,
    Taint,
    Unknown,
    Value,
    origins,
    plain,
    unknown,
)


@statement(ast.Expr)
def expr(machine: Machine, node: ast.Expr, scope: Scope) -> None:
    machine.value(node.value, scope)


@statement(ast.Assign)
def assignment(machine: Machine, node: ast.Assign, scope: Scope) -> None:
    value = machine.value(node.value, scope)
    for target in node.targets:
        assign(machine, target, value, scope)


@statement(ast.AnnAssign)
def annotated(machine: Machine, node: ast.AnnAssign, scope: Scope) -> None:
    if node.value is not None:
        assign(machine, node.target, machine.value(node.value, scope), scope)


@statement(ast.AugAssign)
def augmented(machine: Machine, node: ast.AugAssign, scope: Scope) -> None:
    load = _loaded(node.target)
    before = machine.value(load, scope)
    value = machine.value(node.value, scope)
    if isinstance(before.data, list) and isinstance(node.op, ast.Add):
        result = extended(machine, before, value)
    elif isinstance(before.data, dict) and isinstance(node.op, ast.BitOr):
        if isinstance(value.data, dict):
            before.data.update(value.data)
            result = before.tainted(value.taint)
        else:
            result = Value(OpenDict(before.data), origins(before) | origins(value))
    else:
        result = operate(machine, type(node.op), before, value)
    if isinstance(node.target, ast.Name):
        machine.bind(scope, node.target.id, result)
    else:
        assign(machine, node.target, result, scope)


def _loaded(target: ast.expr) -> ast.expr:
    if isinstance(target, ast.Name):
        return ast.copy_location(ast.Name(target.id, ast.Load()), target)
    return target


def extended(machine: Machine, before: Value, value: Value) -> Value:
    """Extend a list in place."""
    items = elements(machine, value)
    if isinstance(items, Unknown):
        before.data.append(unknown(items.reason, origins(value) | machine.pc, many=True))
    else:
        before.data.extend(item.tainted(machine.pc) for item in items[:100_000])
    return before.tainted(value.taint)


@statement(ast.Pass)
def pass_(machine: Machine, node: ast.Pass, scope: Scope) -> None:
    """Do nothing."""


@statement(ast.Global, ast.Nonlocal)
def declared(machine: Machine, node: Any, scope: Scope) -> None:
    for name in node.names:
        outer = scope.outer
        while isinstance(node, ast.Nonlocal) and outer is not None and name not in outer.names:
            outer = outer.outer
        scope.elsewhere[name] = outer if isinstance(node, ast.Nonlocal) else None


@statement(ast.Return)
def return_(machine: Machine, node: ast.Return, scope: Scope) -> None:
    value = machine.value(node.value, scope) if node.value else NONE
    raise Returned(value.tainted(machine.pc | scope.taint))


@statement(ast.Break)
def break_(machine: Machine, node: ast.Break, scope: Scope) -> None:
    raise Broke


@statement(ast.Continue)
def continue_(machine: Machine, node: ast.Continue, scope: Scope) -> None:
    raise Continued


@statement(ast.Raise)
def raise_(machine: Machine, node: ast.Raise, scope: Scope) -> None:
    active: list[Raised] = machine.state.setdefault("handling", [])
    missing = active[-1].missing if active else frozenset()
    taint = machine.pc | (active[-1].taint if active else frozenset())
    if node.exc is None and active:
        raise Raised(active[-1].error, taint, missing, active[-1].location)
    value = machine.value(node.exc, scope) if node.exc else NONE
    error = value.data
    if isinstance(error, type) and issubclass(error, BaseException):
        error = error()
    if not isinstance(error, BaseException):
        error = RuntimeError(reason_of(value))
    raise Raised(error, taint, missing, machine.locate(node, scope.module))


def guard(machine: Machine, taint: Taint) -> None:
    """Remember variables whose absence might have made the import fail here."""
    if taint and machine.catches(RuntimeError()) is None:
        machine.state.setdefault("guarded", set()).update(taint)


@statement(ast.Assert)
def assert_(machine: Machine, node: ast.Assert, scope: Scope) -> None:
    test = machine.value(node.test, scope)
    guard(machine, origins(test))
    if truth(test) is False:
        message = machine.value(node.msg, scope).data if node.msg else ""
        error = AssertionError(message if isinstance(message, str) else "")
        raise Raised(error, origins(test) | machine.pc, location=machine.locate(node, scope.module))


@statement(ast.Delete)
def delete(machine: Machine, node: ast.Delete, scope: Scope) -> None:
    for target in node.targets:
        if isinstance(target, ast.Name):
            if lookup(machine, target.id, scope) is None:
                raise Raised(NameError(f"name '{target.id}' is not defined"), location=machine.here)
            scope.names.pop(target.id, None)
        elif isinstance(target, ast.Subscript):
            container = machine.value(target.value, scope)
            delete_item(machine, container, machine.value(target.slice, scope))


def delete_item(machine: Machine, container: Value, index: Value) -> None:
    """Do ``del container[index]``."""
    data = container.data
    if isinstance(data, Model) and hasattr(data, "delete_item"):
        data.delete_item(machine, index)
    elif isinstance(data, (list, dict)):
        try:
            del data[plain(index)]
        except NotPlain:
            spoil(data, "an item whose key cannot be told")
        except (LookupError, TypeError) as error:
            if not isinstance(data, OpenDict):
                raise Raised(error, container.taint, location=machine.here) from error
