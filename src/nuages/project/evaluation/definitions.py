"""Classes that the user's settings define, and their instances."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import Any

from nuages.project.evaluation.functions import Function, invoked
from nuages.project.evaluation.machine import LIBRARY, Call, Machine, statement
from nuages.project.evaluation.state import Scope
from nuages.project.evaluation.values import NONE, Model, Native, Symbol, Unknown, Value, unknown


@dataclass(eq=False)
class Class(Model):
    """A class of the user's."""

    complete = True

    name: str
    bases: tuple[Value, ...]
    attributes: dict[str, Value]
    scope: Scope
    node: ast.ClassDef

    @property
    def lineage(self) -> list[Class]:
        """The class and its bases, in the order in which Python looks names up."""
        return _merge(self) or [self]

    @property
    def opaque_bases(self) -> list[Any]:
        """Bases anywhere above that are not the user's own classes."""
        return [
            base.data
            for kind in self.lineage
            for base in kind.bases
            if not isinstance(base.data, Class)
        ]

    def find(self, name: str) -> Value | None:
        """Return an attribute as it stands in the class or in a base."""
        for kind in self.lineage:
            if name in kind.attributes:
                return kind.attributes[name]
        return None

    def attribute(self, name: str) -> Value | None:
        if name in ("__name__", "__qualname__"):
            return Value(self.name)
        found = self.find(name)
        if found is None:
            if any(_opaque(base) for base in self.opaque_bases):
                return unknown(f"{self.name}.{name} may come from a library")
            return None
        return bound(found, Value(self), None)

    def set_attribute(self, name: str, value: Value) -> None:
        self.attributes[name] = value

    def invoke(self, call: Call) -> Value:
        if any(_opaque(base) for base in self.opaque_bases):
            return unknown(f"an object of {self.name}", call.taint)
        instance = Instance(self)
        start = self.find("__init__")
        if start is not None and isinstance(start.data, Function):
            arguments = [Value(instance), *call.arguments]
            call.machine.call(start, arguments, call.keywords)
        return Value(instance)


def _opaque(base: Any) -> bool:
    if isinstance(base, Symbol):
        return base.name.rpartition(".")[2] not in ("ABC", "Protocol", "Generic")
    return isinstance(base, Unknown) or (isinstance(base, type) and base is not object)


def _merge(kind: Class, depth: int = 0) -> list[Class] | None:
    """The C3 linearisation; None where it does not exist."""
    parents = [base.data for base in kind.bases if isinstance(base.data, Class)]
    if depth > 30:
        return None
    rows = [list(_merge(parent, depth + 1) or [parent]) for parent in parents]
    rows.append(list(parents))
    order = [kind]
    while any(rows):
        rows = [row for row in rows if row]
        head = next(
            (row[0] for row in rows if not any(row[0] in other[1:] for other in rows)), None
        )
        if head is None:
            return None
        order.append(head)
        rows = [[item for item in row if item is not head] for row in rows]
    return order


@dataclass(eq=False)
class Instance(Model):
    """An object of a class of the user's."""

    complete = True

    kind: Class
    attributes: dict[str, Value] = field(default_factory=dict)

    def attribute(self, name: str) -> Value | None:
        if name in self.attributes:
            return self.attributes[name]
        if name == "__class__":
            return Value(self.kind)
        found = self.kind.find(name)
        if found is None:
            return None
        return bound(found, Value(self.kind), Value(self))

    def set_attribute(self, name: str, value: Value) -> None:
        self.attributes[name] = value

    def invoke(self, call: Call) -> Value:
        function = self.attribute("__call__")
        if function is None:
            return unknown(f"a call of {self.kind.name}", call.taint)
        return call.machine.call(function, call.arguments, call.keywords)


@dataclass(eq=False)
class Property(Model):
    """A property to be computed when it is read."""

    function: Function
    owner: Value


def bound(found: Value, kind: Value, instance: Value | None) -> Value:
    """Return an attribute as reading it from a class or an instance gives it."""
    function = found.data
    if not isinstance(function, Function):
        return found
    if function.kind == "staticmethod":
        return found
    if function.kind == "property":
        return Value(Property(function, instance)) if instance is not None else found
    owner = kind if function.kind in ("classmethod", "classproperty") else instance
    if owner is None:
        return found
    return Value(Method(function, owner), found.taint)


@dataclass(eq=False)
class Method(Model):
    """A function of a class with the object it is called on."""

    function: Function
    owner: Value

    def invoke(self, call: Call) -> Value:
        call.arguments = [self.owner, *call.arguments]
        return invoked(self.function, call)


@statement(ast.ClassDef)
def class_(machine: Machine, node: ast.ClassDef, scope: Scope) -> None:
    bases = tuple(machine.value(base, scope) for base in node.bases)
    errors = [
        b.data for b in bases if isinstance(b.data, type) and issubclass(b.data, BaseException)
    ]
    if errors:
        machine.bind(scope, node.name, Value(type(node.name, tuple(errors), {})), node)
        return
    inner = Scope(scope.module, {}, scope)
    kind = Class(node.name, bases, inner.names, scope, node)
    inner.names["__qualname__"] = Value(node.name)
    machine.run(node.body, inner)
    for value in inner.names.values():
        if isinstance(value.data, Function) and value.data.owner is None:
            value.data.owner = kind
    value = Value(kind)
    for base in bases:
        made = getattr(base.data, "subclass", None)
        if made is not None:
            value = made(machine, kind)
    for decorator in reversed(node.decorator_list):
        value = machine.call(machine.value(decorator, scope), [value])
    machine.bind(scope, node.name, value, node)


def super_(call: Call) -> Value:
    """``super()`` inside a method: names are looked up after the class that defines it."""
    scope: Scope | None = call.scope
    while scope is not None and not scope.function:
        scope = scope.outer
    if scope is None or not scope.names:
        return unknown("super()")
    first = next(iter(scope.names.values()))
    kind = getattr(first.data, "kind", first.data)
    owner = scope.owner
    if not isinstance(kind, Class) or owner is None:
        return unknown("super()")
    return Value(Super(kind, owner, first))


@dataclass(eq=False)
class Super(Model):
    """What ``super()`` returns."""

    kind: Class
    owner: Class
    first: Value

    def attribute(self, name: str) -> Value | None:
        lineage = self.kind.lineage
        after = lineage[lineage.index(self.owner) + 1 :] if self.owner in lineage else []
        for kind in after:
            if name in kind.attributes:
                instance = self.first if isinstance(self.first.data, Instance) else None
                return bound(kind.attributes[name], Value(self.kind), instance)
        return Value(Native(f"super().{name}", lambda _: NONE))


LIBRARY["builtins.super"] = Value(Native("builtins.super", super_))
