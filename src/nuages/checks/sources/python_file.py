"""A Python file of the project: parsed once, walked once, asked by many rules."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from nuages.project.facts import Problem
from nuages.project.python_source import last_name, parsed
from nuages.text import Location

N = TypeVar("N", bound=ast.AST)


@dataclass(frozen=True)
class PythonFile:
    """Text and syntax tree; a file that cannot be parsed is an empty module."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """The syntax tree; it must not be changed."""
        found = parsed(self.text, self.path)
        return ast.Module([], []) if isinstance(found, Problem) else found

    @cached_property
    def _nodes(self) -> dict[type, list[Any]]:
        found: dict[type, list[Any]] = {}
        for node in ast.walk(self.tree):
            found.setdefault(type(node), []).append(node)
        return found

    @cached_property
    def parents(self) -> dict[ast.AST, ast.AST]:
        """Each node to the one around it."""
        return {inner: node for node in ast.walk(self.tree) for inner in ast.iter_child_nodes(node)}

    def nodes(self, kind: type[N]) -> list[N]:
        """Every node of a class, ``ast.Call``, wherever it stands."""
        return self._nodes.get(kind, [])

    def calls(self, *names: str) -> Iterator[ast.Call]:
        """Every call of a function whose last name is one of these."""
        return (call for call in self.nodes(ast.Call) if last_name(call.func) in names)

    @cached_property
    def imported(self) -> dict[str, str]:
        """Names of this file to what they mean: ``viewsets`` to ``rest_framework.viewsets``."""
        found = {}
        for node in self.nodes(ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            found.update({a.asname or a.name: f"{module}.{a.name}" for a in node.names})
        for plain in self.nodes(ast.Import):
            for a in plain.names:
                top = a.name.partition(".")[0]
                found[a.asname or top] = a.name if a.asname else top
        return found

    def meaning(self, node: ast.expr) -> str:
        """``rest_framework.viewsets.ModelViewSet`` of ``viewsets.ModelViewSet``; else empty."""
        if isinstance(node, ast.Attribute):
            owner = self.meaning(node.value)
            return f"{owner}.{node.attr}" if owner else ""
        return self.imported.get(node.id, "") if isinstance(node, ast.Name) else ""

    def at(self, node: ast.AST) -> Location:
        """Where a node stands."""
        return Location(self.path, getattr(node, "lineno", 1), getattr(node, "col_offset", -1) + 1)
