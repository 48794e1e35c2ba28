"""Functions that the user's settings define: made, and called with known arguments."""

from __future__ import annotations

import ast
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from nuages.project.evaluation.machine import DEPTH, Call, Machine, expression
from nuages.project.evaluation.signals import Raised, Returned
from nuages.project.evaluation.state import Scope
from nuages.project.evaluation.values import (
    NONE,
    Items,
    Model,
    Value,
    join,
    unknown,
)

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


@dataclass(eq=False)
class Function(Model):
    """A function or lambda of the user's with the scope it closes over."""

    node: FunctionNode
    scope: Scope
    name: str
    defaults: list[Value] = field(default_factory=list)
    keyword_defaults: dict[str, Value] = field(default_factory=dict)
    kind: str = "function"
    """``function``, ``property``, ``classmethod`` or ``staticmethod``."""
    opaque: str = ""
    """Why a call cannot be followed, such as a decorator."""
    owner: Any = None
    """The class that defines it, for ``super()``."""

    def attribute(self, name: str) -> Value | None:
        return Value(self.name) if name in ("__name__", "__qualname__") else None

    def invoke(self, call: Call) -> Value:
        return invoked(self, call)


def made(machine: Machine, node: FunctionNode, scope: Scope) -> Value:
    """Return the function that a ``def`` or a ``lambda`` makes."""
    arguments = node.args
    return Value(
        Function(
            node,
            scope,
            getattr(node, "name", "<lambda>"),
            [machine.value(default, scope) for default in arguments.defaults],
            {
                argument.arg: machine.value(default, scope)
                for argument, default in zip(
                    arguments.kwonlyargs, arguments.kw_defaults, strict=True
                )
                if default is not None
            },
        )
    )


@expression(ast.Lambda)
def lambda_(machine: Machine, node: ast.Lambda, scope: Scope) -> Value:
    return made(machine, node, scope)


def invoked(function: Function, call: Call) -> Value:
    """Call a function of the user's."""
    machine = call.machine
    if function.opaque or call.rest:
        return unknown(function.opaque or f"the arguments of {function.name}", call.taint)
    if isinstance(function.node, ast.AsyncFunctionDef):
        return unknown(f"{function.name} is a coroutine", call.taint)
    if len(machine.calls) >= DEPTH:
        return unknown(f"{function.name} calls itself too deeply", call.taint)
    scope = Scope(function.scope.module, {}, function.scope, function=True, owner=function.owner)
    _bind(function, call, scope)
    machine.calls.append((call.node, call.scope.module))
    before, at = machine.pc, machine.at
    try:
        return _result(machine, function, scope)
    finally:
        machine.calls.pop()
        machine.pc, machine.at = before, at


def _result(machine: Machine, function: Function, scope: Scope) -> Value:
    if isinstance(function.node, ast.Lambda):
        return machine.value(function.node.body, scope)
    if _generator(function.node):
        return _generated(machine, function.node, scope)
    try:
        machine.run(function.node.body, scope)
        result = NONE.tainted(scope.taint)
    except Returned as returned:
        result = returned.value
    except Raised:
        if not scope.pending:
            raise
        result = scope.pending.pop()
    for other in scope.pending:
        result = join(result, other, f"{function.name} depends on what cannot be told")
    return result


@lru_cache(maxsize=512)
def _generator(node: ast.AST) -> bool:
    stack = list(ast.iter_child_nodes(node))
    while stack:
        inner = stack.pop()
        if isinstance(inner, ast.Yield | ast.YieldFrom):
            return True
        if not isinstance(inner, FunctionNode | ast.ClassDef):
            stack.extend(ast.iter_child_nodes(inner))
    return False


def _generated(machine: Machine, node: Any, scope: Scope) -> Value:
    with suppress(Returned):
        machine.run(node.body, scope)
    return Value(Items(scope.result))


def _bind(function: Function, call: Call, scope: Scope) -> None:
    """Bind arguments to parameters; raise TypeError as Python would."""
    spec = function.node.args
    names = [argument.arg for argument in (*spec.posonlyargs, *spec.args)]
    bound: dict[str, Value] = dict(zip(names, call.arguments, strict=False))
    extra = call.arguments[len(names) :]
    keywords = {}
    for name, value in call.keywords.items():
        known = name in names or name in function.keyword_defaults
        if known or any(argument.arg == name for argument in spec.kwonlyargs):
            bound[name] = value
        else:
            keywords[name] = value
    with_default = names[len(names) - len(function.defaults) :] if function.defaults else []
    for name, default in zip(with_default, function.defaults, strict=False):
        bound.setdefault(name, default)
    for name, default in function.keyword_defaults.items():
        bound.setdefault(name, default)
    wanted = [*names, *(argument.arg for argument in spec.kwonlyargs)]
    missing = [name for name in wanted if name not in bound]
    if missing or (extra and not spec.vararg) or (keywords and not spec.kwarg):
        error = TypeError(f"{function.name}() does not take these arguments")
        raise Raised(error, location=call.machine.here)
    if spec.vararg:
        bound[spec.vararg.arg] = Value(tuple(extra))
    if spec.kwarg:
        bound[spec.kwarg.arg] = Value(keywords)
    scope.names.update(bound)
