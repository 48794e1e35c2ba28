"""Migrations, read and never imported: their operations, and who depends on whom."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from nuages.checks.sources.python_file import PythonFile
from nuages.project.python_source import keyword, last_name, literal
from nuages.text import Location


@dataclass(frozen=True)
class Operation:
    """``migrations.RemoveField(model_name="book", name="isbn")``"""

    kind: str
    """``RemoveField``, ``RunPython``…"""
    call: ast.Call
    location: Location

    def argument(self, name: str, position: int = -1) -> ast.expr | None:
        """An argument by its name, or by its position where there is one."""
        found = keyword(self.call, name)
        if found is None and 0 <= position < len(self.call.args):
            return self.call.args[position]
        return found

    def text(self, name: str, position: int = -1) -> str:
        """An argument that is a literal text; else empty."""
        return literal(self.argument(name, position)) or ""

    @property
    def model(self) -> str:
        """The model that is changed, as it is written."""
        return self.text("model_name", 0) or self.text("name", 0)

    @property
    def field(self) -> ast.Call | None:
        """The field that AddField or AlterField sets."""
        found = self.argument("field", 2)
        return found if isinstance(found, ast.Call) else None


@dataclass(frozen=True)
class Migration:
    """One migration file."""

    app: str
    """The folder that holds ``migrations``: almost always the app's label."""
    name: str
    file: PythonFile
    leaf: bool = True
    """No other migration of its app depends on it: the newest, not released perhaps."""

    @property
    def path(self) -> str:
        return self.file.path

    @cached_property
    def body(self) -> ast.ClassDef | None:
        """``class Migration``"""
        return next((c for c in self.file.nodes(ast.ClassDef) if c.name == "Migration"), None)

    def attribute(self, name: str) -> ast.expr | None:
        """What is assigned in the class: ``atomic``, ``initial``, ``dependencies``…"""
        for node in self.body.body if self.body else ():
            if isinstance(node, ast.Assign) and last_name(node.targets[0]) == name:
                return node.value
        return None

    @cached_property
    def initial(self) -> bool:
        """Whether it creates the app's tables."""
        value = self.attribute("initial")
        return isinstance(value, ast.Constant) and value.value is True

    @cached_property
    def atomic(self) -> bool:
        value = self.attribute("atomic")
        return not (isinstance(value, ast.Constant) and value.value is False)

    @cached_property
    def dependencies(self) -> tuple[tuple[str, str], ...]:
        """Pairs of app and name that are spelled out."""
        found = self.attribute("dependencies")
        items = found.elts if isinstance(found, ast.List | ast.Tuple) else ()
        pairs = [tuple(literal(e) or "" for e in i.elts) for i in items if isinstance(i, ast.Tuple)]
        return tuple((pair[0], pair[1]) for pair in pairs if len(pair) == 2 and all(pair))

    @cached_property
    def operations(self) -> tuple[Operation, ...]:
        """What is done to the database, in its order; what only changes the state is left out."""
        return tuple(self._operations(self.attribute("operations")))

    def _operations(self, node: ast.expr | None) -> Iterator[Operation]:
        for item in node.elts if isinstance(node, ast.List | ast.Tuple) else ():
            if not isinstance(item, ast.Call):
                continue
            kind = last_name(item.func)
            if kind == "SeparateDatabaseAndState":
                first = item.args[0] if item.args else None
                yield from self._operations(keyword(item, "database_operations") or first)
            else:
                yield Operation(kind, item, self.file.at(item))


def linked(found: list[Migration]) -> tuple[Migration, ...]:
    """The same migrations, knowing which of them are leaves."""
    needed = {(m.app, name) for m in found for app, name in m.dependencies if app == m.app}
    return tuple(Migration(m.app, m.name, m.file, (m.app, m.name) not in needed) for m in found)
