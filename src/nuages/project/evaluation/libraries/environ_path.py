"""``environ.Path`` of django-environ, and its older form in ``Env.path``."""

from __future__ import annotations

import ast
import posixpath
from dataclasses import dataclass
from typing import Any

from nuages.project.evaluation.compute import compute, union
from nuages.project.evaluation.libraries.paths import absolute
from nuages.project.evaluation.machine import Call, Machine, library
from nuages.project.evaluation.values import Model, Native, NotPlain, Value, plain, unknown


@dataclass(eq=False)
class EnvironPath(Model):
    """A path that is called to join, and subtracted from to go up."""

    root: str

    def text(self) -> Value:
        return Value(self.root)

    def invoke(self, call: Call) -> Value:
        """Return the joined path as text."""
        return compute(
            call.machine, lambda *parts: _joined(call.machine, self.root, *parts), *call.arguments
        )

    def attribute(self, name: str) -> Value | None:
        if name in ("root", "__root__"):
            return Value(self.root)
        if name == "path":
            return Value(Native("environ.Path.path", self._path))
        if name in ("file", "rfind", "find", "startswith"):
            return Value(Native(f"environ.Path.{name}", lambda c: unknown(f"Path.{name}", c.taint)))
        return None

    def _path(self, call: Call) -> Value:
        made = self.invoke(call)
        return Value(EnvironPath(made.data), made.taint) if isinstance(made.data, str) else made

    def operate(self, machine: Machine, kind: Any, other: Value, reverse: bool) -> Value:
        """``path - 2`` goes up, ``path + "x"`` goes down."""
        try:
            operand = plain(other)
        except NotPlain as error:
            return unknown(error.reason, union(other))
        if kind is ast.Sub and isinstance(operand, int):
            return Value(EnvironPath(_joined(machine, self.root, *([".."] * min(operand, 99)))))
        if kind is ast.Sub and isinstance(operand, str) and self.root.endswith(operand):
            return Value(EnvironPath(absolute(machine, self.root[: -len(operand)])))
        if kind is ast.Add and not reverse:
            return Value(EnvironPath(_joined(machine, self.root, str(operand))))
        return unknown("arithmetic on a path", other.taint)

    def item(self, machine: Machine, index: Value) -> Value:
        return compute(machine, lambda key: self.root[key], index)


def _joined(machine: Machine, root: str, *parts: str) -> str:
    return absolute(machine, posixpath.join(root, *parts))


@library("environ.Path")
def path(call: Call) -> Value:
    """``environ.Path(start, *paths)``; with ``is_file`` it starts from the file's folder."""
    start = call.argument(0, "start", Value(""))
    if "is_file" in call.keywords:
        start = compute(call.machine, lambda file: posixpath.dirname(str(file)), start)
    if isinstance(start.data, EnvironPath):
        return start
    made = compute(
        call.machine,
        lambda first, *rest: _joined(call.machine, str(first), *rest),
        start,
        *call.arguments[1:],
    )
    return Value(EnvironPath(made.data), made.taint) if isinstance(made.data, str) else made
