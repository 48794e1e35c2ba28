"""Dataclasses and enumerations of the user's."""

from __future__ import annotations

import ast
from typing import Any

from nuages.project.evaluation.definitions import Class, Instance
from nuages.project.evaluation.machine import LIBRARY, Call, library
from nuages.project.evaluation.values import Model, Native, Value, unknown


class Dataclass(Model):
    """A class under ``@dataclass``: calling it takes the annotated fields in order."""

    complete = True

    def __init__(self, kind: Class):
        self.kind = kind
        self.name = kind.name

    def attribute(self, name: str) -> Value | None:
        return self.kind.attribute(name)

    def invoke(self, call: Call) -> Value:
        made = Instance(self.kind)
        names = [
            node.target.id
            for parent in reversed(self.kind.lineage)
            for node in parent.node.body
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
        ]
        for name in names:
            default = self.kind.find(name)
            if default is not None:
                made.attributes[name] = default
        made.attributes.update(zip(names, call.arguments, strict=False))
        made.attributes.update(call.keywords)
        return Value(made)


@library("dataclasses.dataclass")
def dataclass(call: Call) -> Value:
    """``@dataclass`` and ``@dataclass(...)``."""
    kind: Any = call.arguments[0].data if call.arguments else None
    if isinstance(kind, Class):
        return Value(Dataclass(kind))
    made: Value = LIBRARY["dataclasses.dataclass"]
    return made


@library("dataclasses.field")
def field(call: Call) -> Value:
    factory = call.keywords.get("default_factory")
    if factory is not None:
        return call.machine.call(factory)
    return call.keywords.get("default") or unknown("a field without a default")


class Enumeration(Model):
    """``enum.Enum`` and its kin, as a base."""

    def __init__(self, name: str, text: bool):
        self.name = name
        self.is_text = text

    def subclass(self, _: Any, kind: Class) -> Value:
        return Value(EnumClass(kind, self.is_text))


class EnumClass(Model):
    """An enumeration of the user's."""

    def __init__(self, kind: Class, text: bool):
        self.kind = kind
        self.is_text = text or any(base.data is str for base in kind.bases)
        self.name = kind.name
        self.members = {
            name: Member(kind, name, value, self.is_text)
            for name, value in kind.attributes.items()
            if not name.startswith("_") and not isinstance(value.data, Model)
        }

    def attribute(self, name: str) -> Value | None:
        member = self.members.get(name)
        return Value(member) if member else unknown(f"{self.kind.name}.{name}")

    def iterate(self) -> list[Value]:
        return [Value(member) for member in self.members.values()]

    def invoke(self, call: Call) -> Value:
        wanted = call.arguments[0].data if call.arguments else None
        for member in self.members.values():
            if member.content.data == wanted:
                return Value(member, call.taint)
        return unknown(f"a member of {self.kind.name}", call.taint)


class Member(Model):
    """A member of an enumeration; one that is a text stands for it."""

    def __init__(self, kind: Class, name: str, content: Value, text: bool):
        self.kind = kind
        self.name = f"{kind.name}.{name}"
        self.content = content
        if text:
            self.text = lambda: content

    def attribute(self, name: str) -> Value | None:
        if name == "name":
            return Value(self.name.rpartition(".")[2])
        return self.content if name == "value" else unknown(f"{self.name}.{name}")

    def compare(self, kind: Any, other: Value) -> bool | None:
        equal: bool | None = other.data is self
        if not equal and not isinstance(other.data, Member) and hasattr(self, "text"):
            equal = None if other.unknown else bool(self.content.data == other.data)
        if equal is None or kind not in (ast.Eq, ast.NotEq, ast.Is, ast.IsNot):
            return None
        return equal is (kind in (ast.Eq, ast.Is))


for _name in ("Enum", "IntEnum", "Flag", "StrEnum"):
    LIBRARY[f"enum.{_name}"] = Value(Enumeration(f"enum.{_name}", _name == "StrEnum"))
LIBRARY["django.db.models.TextChoices"] = Value(Enumeration("models.TextChoices", True))
LIBRARY["enum.auto"] = Value(Native("enum.auto", lambda _: unknown("enum.auto()")))
