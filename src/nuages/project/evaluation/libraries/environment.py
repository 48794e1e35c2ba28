"""``os.environ``: the assumed environment, with every lookup noted."""

# a registered handler takes what every handler takes; a method takes what its protocol says
# ruff: noqa: ARG001, ARG002

from __future__ import annotations

import ast
from typing import Any

from nuages.project.evaluation.compute import compute
from nuages.project.evaluation.machine import LIBRARY, Call, Machine, library
from nuages.project.evaluation.state import Read, public
from nuages.project.evaluation.values import (
    CLEAN,
    NONE,
    Items,
    Model,
    Native,
    Taint,
    Value,
    lift,
    unknown,
)
from nuages.text import Location

PROCESS = frozenset(
    {"HOME", "PATH", "USER", "SHELL", "LANG", "PWD", "HOSTNAME", "LOGNAME", "TMPDIR", "VIRTUAL_ENV"}
)
"""Variables that a process has anyway; their values cannot be told."""


def find(machine: Machine, name: str) -> Value | None:
    """Return a variable's value, None when it is not set."""
    taint = frozenset({name})
    if name in machine.environ:
        return machine.environ[name].tainted(taint)
    if name in machine.assumed:
        return unknown(f"needs {name}", taint)
    if name in PROCESS:
        return unknown(f"the process's own {name}", CLEAN)
    return None


def noted(
    machine: Machine,
    name: str,
    *,
    default: Value | None = None,
    cast: str | None = None,
    error: BaseException | None = None,
) -> None:
    """Note that a variable is read here; ``error`` is what its absence raises, if it does."""
    required = False
    defaulted = name in machine.state.get("defaulted", ())
    if error is not None and not machine.trial and not defaulted:
        handler = machine.catches(error)
        required = handler is None or handler.fatal
    if required and name in machine.pc:
        required = False
        machine.state.setdefault("guarded", set()).add(name)
    machine.reads.append(Read(name, place(machine, name), default, cast, required))


def place(machine: Machine, name: str) -> Location:
    """Return where the variable is named: in this call, or in a caller's."""
    nodes = [machine.at, *reversed(machine.calls)]
    for found in nodes:
        if found is not None and _names(found[0], name):
            return machine.locate(*found)
    return machine.here


def _names(node: ast.AST, name: str) -> bool:
    if isinstance(node, ast.Call):
        inner: list[ast.AST] = [*node.args, *(keyword.value for keyword in node.keywords)]
    elif isinstance(node, ast.Subscript):
        inner = [node.slice]
    else:
        return False
    return any(
        isinstance(part, ast.Constant)
        and isinstance(part.value, str)
        and part.value
        and name.endswith(part.value)
        for part in inner
    )


def known_name(value: Value) -> str | None:
    """Return the name that is looked up, None where it cannot be told."""
    return value.data if isinstance(value.data, str) else None


class Environ(Model):
    """``os.environ``."""

    def __init__(self) -> None:
        self.name = "os.environ"

    def attribute(self, name: str) -> Value | None:
        method = getattr(self, f"do_{name}", None)
        return Value(Native(f"os.environ.{name}", method)) if method else None

    def item(self, machine: Machine, index: Value) -> Value:
        name = known_name(index)
        if name is None:
            return unknown("a variable whose name cannot be told", index.taint)
        error = KeyError(name)
        noted(machine, name, error=error)
        found = find(machine, name)
        return (found or machine.missing(name, error)).tainted(index.taint)

    def set_item(self, machine: Machine, index: Value, value: Value) -> None:
        name = known_name(index)
        if name is not None:
            machine.environ[name] = value
            machine.state.setdefault("defaulted", set()).add(name)

    def delete_item(self, machine: Machine, index: Value) -> None:
        machine.environ.pop(str(known_name(index)), None)

    def contains(self, machine: Machine, item: Value) -> Value:
        name = known_name(item)
        if name is None:
            return unknown("a variable whose name cannot be told", item.taint)
        noted(machine, name)
        found = find(machine, name)
        return Value(found is not None, item.taint | {name})

    def iterate(self) -> None:
        return None

    def do_get(self, call: Call) -> Value:
        machine, default = call.machine, call.argument(1, "default", NONE)
        key = call.argument(0, "key", NONE)
        name = known_name(key)
        if name is None:
            return unknown("a variable whose name cannot be told", key.taint)
        noted(machine, name, default=default)
        taint: Taint = frozenset({name}) | key.taint
        return (find(machine, name) or default).tainted(taint)

    def do_setdefault(self, call: Call) -> Value:
        name = known_name(call.argument(0, "key", NONE))
        default = call.argument(1, "value", NONE)
        if name is None:
            return unknown("a variable whose name cannot be told", call.taint)
        noted(call.machine, name, default=default)
        call.machine.state.setdefault("defaulted", set()).add(name)
        found = find(call.machine, name)
        if found is None:
            found = default.tainted(frozenset({name}) | call.machine.pc)
            call.machine.environ[name] = found
        return found

    def do_pop(self, call: Call) -> Value:
        key = call.argument(0, "key", NONE)
        if call.argument(1, "default") is None:
            return self.item(call.machine, key)
        found = self.do_get(call)
        call.machine.environ.pop(str(known_name(key)), None)
        return found

    def do_update(self, call: Call) -> Value:
        for source in (*call.arguments, Value(call.keywords)):
            if isinstance(source.data, dict):
                call.machine.environ.update(source.data)
        return NONE

    def do_copy(self, call: Call) -> Value:
        return Value(self)

    def do_items(self, call: Call) -> Value:
        """What is set here is known; the process has more, under names of its own."""
        names = call.machine.environ
        pairs = [lift((name, value)).tainted(frozenset({name})) for name, value in names.items()]
        return Value(Items(pairs))

    def do_keys(self, call: Call) -> Value:
        return Value(Items([Value(name, frozenset({name})) for name in call.machine.environ]))


ENVIRON = Value(Environ())
LIBRARY["os.environ"] = ENVIRON
LIBRARY["os.environb"] = unknown("os.environb")


@library("os.getenv")
def getenv(call: Call) -> Value:
    return Environ().do_get(call)


@library("os.putenv")
def putenv(call: Call) -> Value:
    return NONE


@library("os.path.expandvars")
def expandvars(call: Call) -> Value:
    value = call.argument(0, "path", NONE)
    if isinstance(value.data, str) and "$" in value.data:
        return unknown("variables in a text", call.taint)
    return compute(call.machine, str, value)


def text_of(default: Value | None) -> str | None:
    """Return a default as it would stand in a .env file; None when there is none."""
    if default is None or default.data is None or default.unknown:
        return None
    data: Any = default.data
    if isinstance(data, (list, tuple)):
        parts = [text_of(item) if isinstance(item, Value) else str(item) for item in data]
        return ",".join(part or "" for part in parts)
    if isinstance(data, (str, bool, int, float)):
        return public(str(data))
    text = getattr(data, "as_posix", None)
    return public(str(text())) if text else None
