"""The project's own classes, with what they inherit from one another."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias

from nuages.checks.sources.python_file import PythonFile
from nuages.project.python_source import last_name
from nuages.text import Location

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class OwnClass:
    """One class statement; asked for an attribute, its own bases answer too."""

    node: ast.ClassDef
    file: PythonFile
    classes: Classes = field(repr=False, compare=False)

    @property
    def name(self) -> str:
        return self.node.name

    @property
    def location(self) -> Location:
        return self.file.at(self.node)

    @cached_property
    def lineage(self) -> tuple[OwnClass, ...]:
        """The class itself and those of its bases that are the project's own."""
        found, waiting = [self], list(self.own_bases)
        while waiting:
            base = waiting.pop(0)
            if base not in found:
                found.append(base)
                waiting += base.own_bases
        return tuple(found)

    @cached_property
    def own_bases(self) -> tuple[OwnClass, ...]:
        bases = (self.classes.find(last_name(base), self.file) for base in self.node.bases)
        return tuple(base for base in bases if base is not None and base is not self)

    @cached_property
    def outside(self) -> frozenset[str]:
        """The bases that others wrote, in full where they are imported by name, else as written.

        Empty for one that has no name.
        """
        own = {each.name for each in self.lineage[1:]}
        found = [(each.file, base) for each in self.lineage for base in each.node.bases]
        foreign = [(file, base) for file, base in found if last_name(base) not in own]
        return frozenset(file.meaning(base) or last_name(base) for file, base in foreign)

    @cached_property
    def methods(self) -> dict[str, Function]:
        """Its methods, inherited ones too."""
        found: dict[str, Function] = {}
        for node in (node for each in self.lineage for node in each.node.body):
            if isinstance(node, Function):
                found.setdefault(node.name, node)
        return found

    def place(self, method: Function) -> Location:
        """Where one of its methods stands, perhaps in an own base."""
        owner = next((each for each in self.lineage if method in each.node.body), self)
        return owner.file.at(method)

    def attribute(self, name: str) -> tuple[ast.expr, Location] | None:
        """What is assigned in the class or in the nearest own base, and where."""
        return next((found for c in self.lineage if (found := _assigned(c, c.node, name))), None)

    def option(self, name: str) -> tuple[ast.expr, Location] | None:
        """The same of the inner class ``Meta``."""
        for each in self.lineage:
            for node in each.node.body:
                if isinstance(node, ast.ClassDef) and node.name == "Meta":
                    found = _assigned(each, node, name)
                    if found:
                        return found
        return None

    def says(self, *words: str) -> bool:
        """Whether its text, or that of an own base, holds one of these words."""
        texts = [ast.unparse(each.node) for each in self.lineage]
        return any(word in text for word in words for text in texts)


def _assigned(own: OwnClass, node: ast.ClassDef, name: str) -> tuple[ast.expr, Location] | None:
    for each in node.body:
        if isinstance(each, ast.Assign) and name in {last_name(t) for t in each.targets}:
            return each.value, own.file.at(each)
        if isinstance(each, ast.AnnAssign) and each.value and last_name(each.target) == name:
            return each.value, own.file.at(each)
    return None


class Classes:
    """Every class of some files."""

    def __init__(self, files: Iterable[PythonFile]):
        self._named: dict[str, list[OwnClass]] = {}
        for file in files:
            for node in file.nodes(ast.ClassDef):
                self._named.setdefault(node.name, []).append(OwnClass(node, file, self))

    def __iter__(self) -> Iterator[OwnClass]:
        return (each for named in self._named.values() for each in named)

    def find(self, name: str, file: PythonFile) -> OwnClass | None:
        """The class that a name in a file means; None where it is not certain."""
        named = self._named.get(name, [])
        here = [each for each in named if each.file is file]
        candidates = here or named
        return candidates[0] if len(candidates) == 1 else None
