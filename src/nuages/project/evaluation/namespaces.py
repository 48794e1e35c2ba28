"""``globals()``, ``locals()``, ``vars()``, ``exec`` and modules as values."""

# a method takes what its protocol says
# ruff: noqa: ARG002

from __future__ import annotations

from typing import Any

from nuages.project.evaluation.compute import union
from nuages.project.evaluation.containers import item_of
from nuages.project.evaluation.machine import Call, Machine, library
from nuages.project.evaluation.methods import METHODS, Method
from nuages.project.evaluation.source import parse
from nuages.project.evaluation.state import Module, Scope
from nuages.project.evaluation.values import NONE, Model, NotPlain, Value, lift, plain, unknown


class Namespace(Model):
    """The dict that ``globals()`` returns: changing it changes the module."""

    is_namespace = True

    def __init__(self, machine: Machine, scope: Scope, names: dict[str, Value]):
        self.machine = machine
        self.scope = scope
        self.names = names

    def _dict(self) -> Value:
        return Value(self.names)

    def attribute(self, name: str) -> Value | None:
        method = METHODS.get(("dict", name))
        return Value(_Bound(name, self, method)) if method else None

    def item(self, machine: Machine, index: Value) -> Value:
        if index.data == "__file__":
            return Value(self.scope.module.file)
        return item_of(machine, self._dict(), index)

    def set_item(self, machine: Machine, index: Value, value: Value) -> None:
        if isinstance(index.data, str):
            machine.bind(
                self._scope(), index.data, value.tainted(index.taint), machine.at and machine.at[0]
            )

    def _scope(self) -> Scope:
        return Scope(self.scope.module, self.names)

    def delete_item(self, machine: Machine, index: Value) -> None:
        self.names.pop(str(index.data), None)

    def contains(self, machine: Machine, item: Value) -> Value:
        if item.unknown:
            return unknown(item.data.reason, item.taint)
        found = item.data in self.names
        taint = self.names[item.data].taint if found else item.taint
        if not found and self.scope.module.rest:
            return unknown(self.scope.module.rest)
        return Value(found, taint | item.taint)

    def iterate(self) -> list[Value]:
        return [lift(name) for name in self.names]


class _Bound(Model):
    def __init__(self, name: str, owner: Namespace, method: Method):
        self.name = name
        self.owner = owner
        self.method = method

    def invoke(self, call: Call) -> Value:
        before = dict(self.owner.names)
        result = self.method(call, Value(self.owner.names))
        node = call.node
        if self.name == "update":  # settings are added so, never what computes them
            lost = [n for n, v in self.owner.names.items() if v.unknown and not str(n).isupper()]
            self.owner.names.update({n: before[n] for n in lost if n in before})
        for name, value in self.owner.names.items():
            if before.get(name) is not value and isinstance(name, str):
                call.machine.bind(self.owner._scope(), name, value, node)
        return result


@library("builtins.globals")
def globals_(call: Call) -> Value:
    return Value(Namespace(call.machine, call.scope, call.scope.module.names))


@library("builtins.locals")
def locals_(call: Call) -> Value:
    return Value(Namespace(call.machine, call.scope, call.scope.names))


@library("builtins.vars")
def vars_(call: Call) -> Value:
    if not call.arguments:
        return locals_(call)
    data: Any = call.arguments[0].data
    if isinstance(data, ModuleValue):
        return Value(
            Namespace(call.machine, Scope(data.module, data.module.names), data.module.names)
        )
    return unknown("vars() of an object", union(*call.arguments))


@library("builtins.dir")
def dir_(call: Call) -> Value:
    data: Any = call.arguments[0].data if call.arguments else None
    names = data.module.names if isinstance(data, ModuleValue) else call.scope.names
    if call.arguments and not isinstance(data, ModuleValue):
        return unknown("dir() of an object", union(*call.arguments))
    return lift(sorted(names))


class ModuleValue(Model):
    """A module of the user's as a value."""

    complete = True

    def __init__(self, machine: Machine, module: Module):
        self.machine = machine
        self.module = module
        self.name = module.name

    def attribute(self, name: str) -> Value | None:
        if name in self.module.names:
            return self.module.names[name]
        if name in ("__file__", "__name__"):
            return Value(self.module.file if name == "__file__" else self.module.name)
        if name == "__dict__":
            return Value(Namespace(self.machine, Scope(self.module, {}), self.module.names))
        inner = self.machine.module(f"{self.module.name}.{name}", run=False)
        if inner is not None:
            return Value(ModuleValue(self.machine, inner))
        return unknown(self.module.rest) if self.module.rest else None

    def set_attribute(self, name: str, value: Value) -> None:
        self.module.names[name] = value


class Code(Model):
    """What ``compile`` returns: text to be executed."""

    def __init__(self, text: str, path: str):
        self.code = text
        self.path = path


@library("builtins.compile")
def compile_(call: Call) -> Value:
    try:
        text, name = plain(call.arguments[0]), call.argument(1, "filename", Value("")).data
        if isinstance(text, bytes):
            text = text.decode(errors="replace")
        return Value(Code(str(text), str(name)), call.taint)
    except (NotPlain, IndexError):
        return unknown("code that cannot be told", call.taint)


@library("builtins.exec")
def exec_(call: Call) -> Value:
    """Execute text in the module that calls, or in the namespace that is given."""
    data: Any = call.arguments[0].data if call.arguments else None
    text = data.code if isinstance(data, Code) else data
    text = text.decode(errors="replace") if isinstance(text, bytes) else text
    if not isinstance(text, str):
        call.scope.module.rest = "executes code that cannot be told"
        return NONE
    if len(call.machine.calls) > 20:
        return unknown("executes itself")
    scope = call.scope
    target: Any = call.argument(1, "globals", NONE).data
    if isinstance(target, Namespace):
        scope = Scope(target.scope.module, target.names)
    elif isinstance(target, dict):
        scope = Scope(Module("exec", scope.module.path), target)
    call.machine.calls.append((call.node, call.scope.module))
    try:
        with call.machine.depending(call.arguments[0].taint):
            call.machine.run(parse(text).tree.body, scope)
    finally:
        call.machine.calls.pop()
    return NONE


@library("builtins.eval")
def eval_(call: Call) -> Value:
    text = call.arguments[0].data if call.arguments else None
    body = parse(text.strip()).tree.body if isinstance(text, str) else []
    if len(body) != 1 or not hasattr(body[0], "value") or len(call.machine.calls) > 20:
        return unknown("eval() of what cannot be told", call.taint)
    return call.machine.value(body[0].value, call.scope).tainted(call.taint)
