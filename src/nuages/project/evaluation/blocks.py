"""Loops, ``try``, ``with``, and definitions of functions."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from nuages.project.evaluation.branches import either, mark
from nuages.project.evaluation.compute import elements, truth
from nuages.project.evaluation.containers import reason_of
from nuages.project.evaluation.functions import Function, made
from nuages.project.evaluation.machine import Machine, statement
from nuages.project.evaluation.names import assigned, raises_last
from nuages.project.evaluation.signals import Broke, Continued, Raised
from nuages.project.evaluation.state import Scope
from nuages.project.evaluation.targets import assign
from nuages.project.evaluation.values import (
    Model,
    Native,
    Symbol,
    Taint,
    Unknown,
    Value,
    origins,
    unknown,
)

TURNS = 5_000
"""Turns of one loop that are followed."""


@statement(ast.For, ast.AsyncFor)
def for_(machine: Machine, node: ast.For, scope: Scope) -> None:
    iterable = machine.value(node.iter, scope)
    items = elements(machine, iterable)
    taint = iterable.taint
    if isinstance(items, Unknown) or len(items) > TURNS:
        reason = items.reason if isinstance(items, Unknown) else "too long a loop"
        _maybe(machine, node, scope, reason, origins(iterable))
        return
    with machine.depending(taint):
        for item in items:
            if item.unknown and item.data.many:
                _maybe(machine, node, scope, item.data.reason, item.taint)
                continue
            assign(machine, node.target, item, scope)
            try:
                machine.run(node.body, scope)
            except Continued:
                continue
            except Broke:
                break
        else:
            machine.run(node.orelse, scope)
    if not items:
        mark(node.body, taint, scope)


def _maybe(machine: Machine, node: ast.For, scope: Scope, reason: str, taint: Taint) -> None:
    """A loop over what cannot be told: its body runs, or it does not."""

    def once() -> None:
        assign(machine, node.target, unknown(reason, taint), scope)
        machine.run(node.body, scope)

    either(machine, scope, [once, lambda: None], reason, taint)


@statement(ast.While)
def while_(machine: Machine, node: ast.While, scope: Scope) -> None:
    for _ in range(TURNS):
        test = machine.value(node.test, scope)
        known = truth(test)
        if known is None:
            both = [lambda: machine.run(node.body, scope), lambda: None]
            either(machine, scope, both, reason_of(test), origins(test))
            return
        if not known:
            mark(node.body, test.taint, scope)
            machine.run(node.orelse, scope)
            return
        try:
            with machine.depending(test.taint):
                machine.run(node.body, scope)
        except Continued:
            continue
        except Broke:
            return
    machine.problem("this loop is too long to follow", machine.locate(node, scope.module))
    for name in assigned(node.body):
        if name in scope.names:
            machine.bind(scope, name, unknown("a loop that is too long to follow"))


@dataclass
class Handler:
    """An ``except`` clause and the classes it names, None where they cannot be told."""

    node: ast.ExceptHandler
    classes: tuple[type[BaseException], ...] | None

    def matches(self, error: BaseException) -> bool:
        return isinstance(error, self.classes) if self.classes is not None else False

    @property
    def fatal(self) -> bool:
        """Whether handling it only raises something else."""
        return raises_last(self.node.body)


def _handler(machine: Machine, node: ast.ExceptHandler, scope: Scope) -> Handler:
    if node.type is None:
        return Handler(node, (BaseException,))
    try:
        value = machine.value(node.type, scope)
    except Raised:
        return Handler(node, None)
    kinds = value.data if isinstance(value.data, tuple) else (value,)
    classes = [
        kind.data
        for kind in kinds
        if isinstance(kind.data, type) and issubclass(kind.data, BaseException)
    ]
    return Handler(node, tuple(classes) or None)


@statement(ast.Try)
def try_(machine: Machine, node: ast.Try, scope: Scope) -> None:
    handlers = [_handler(machine, handler, scope) for handler in node.handlers]
    doubt = _doubtful(machine, node)
    if doubt:
        _either_way(machine, node, scope, doubt)
    else:
        _tried(machine, node, handlers, scope)
    machine.run(node.finalbody, scope)


def _tried(machine: Machine, node: ast.Try, handlers: list[Handler], scope: Scope) -> None:
    machine.handlers.append(handlers)
    depth = len(machine.handlers)
    try:
        machine.run(node.body, scope)
    except Raised as raised:
        del machine.handlers[depth - 1 :]
        handler = next((h for h in handlers if h.matches(raised.error)), None)
        if handler is None:
            raise
        _handle(machine, node, handler, raised, scope)
        return
    finally:
        del machine.handlers[depth - 1 :]
    machine.run(node.orelse, scope)


def _handle(
    machine: Machine, node: ast.Try, handler: Handler, raised: Raised, scope: Scope
) -> None:
    if handler.node.name:
        machine.bind(scope, handler.node.name, Value(raised.error, raised.taint))
    active: list[Raised] = machine.state.setdefault("handling", [])
    active.append(raised)
    try:
        with machine.depending(raised.taint):
            machine.run(handler.node.body, scope)
    except Raised as later:
        later.missing |= raised.missing
        later.taint |= raised.taint
        raise
    finally:
        active.pop()
    mark([*node.body, *node.orelse], raised.taint, scope)


def _doubtful(machine: Machine, node: ast.Try) -> str:
    """Return why it cannot be told whether the body raises: an import that may be absent."""
    for inner in node.body:
        modules = []
        if isinstance(inner, ast.Import):
            modules = [alias.name for alias in inner.names]
        elif isinstance(inner, ast.ImportFrom) and not inner.level:
            modules = [inner.module or ""]
        for module in modules:
            if machine.installed(module) is None:
                return f"whether {module.partition('.')[0]} is installed"
    return ""


def _either_way(machine: Machine, node: ast.Try, scope: Scope, doubt: str) -> None:
    def succeeds() -> None:
        machine.run([*node.body, *node.orelse], scope)

    runs: list[Callable[[], None]] = [succeeds]
    for handler in node.handlers:
        named = ast.unparse(handler.type) if handler.type else "Exception"
        if any(word in named for word in ("ImportError", "ModuleNotFound", "Exception")):
            runs.append(partial(machine.run, handler.body, scope))
            break
    either(machine, scope, runs, doubt, frozenset())


@statement(ast.With, ast.AsyncWith)
def with_(machine: Machine, node: ast.With, scope: Scope) -> None:
    entered: list[Value] = []
    suppressed: list[Handler] = []
    for item in node.items:
        manager = machine.value(item.context_expr, scope)
        value = manager
        if isinstance(manager.data, Model) and hasattr(manager.data, "enter"):
            value = manager.data.enter(machine)
            entered.append(manager)
        classes = getattr(manager.data, "suppresses", None)
        if classes is not None:
            suppressed.append(Handler(ast.ExceptHandler(None, None, []), classes))
        if item.optional_vars is not None:
            assign(machine, item.optional_vars, value, scope)
    body = ast.Try(node.body, [], [], [])
    try:
        _tried(machine, body, suppressed, scope)
    finally:
        for manager in reversed(entered):
            manager.data.leave(machine)


@statement(ast.FunctionDef, ast.AsyncFunctionDef)
def function(machine: Machine, node: Any, scope: Scope) -> None:
    value = made(machine, node, scope)
    for decorator in reversed(node.decorator_list):
        value = decorated(machine, machine.value(decorator, scope), value)
    machine.bind(scope, node.name, value, node)


TRANSPARENT = ("functools.lru_cache", "functools.cache", "contextlib.contextmanager")


def decorated(machine: Machine, decorator: Value, value: Value) -> Value:
    """Apply a decorator to a function."""
    function = value.data
    name = getattr(decorator.data, "name", "")
    if isinstance(decorator.data, Native) and name.startswith("builtins."):
        function.kind = name.rpartition(".")[2]
    elif name.endswith("cached_property") or name.endswith("classproperty"):
        function.kind = "property"
    elif isinstance(decorator.data, Function):
        return machine.call(decorator, [value])
    elif name not in TRANSPARENT and isinstance(decorator.data, Symbol | Unknown):
        function.opaque = f"is decorated with {name or 'what cannot be told'}"
    return value
