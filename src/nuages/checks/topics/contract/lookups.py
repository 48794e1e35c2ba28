"""Lookups in the environment that give a text, in the code, with what is done to it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from nuages.checks.production import Production
from nuages.checks.sources.python_file import PythonFile
from nuages.project.python_source import keyword, literal
from nuages.text import Location

_OS = re.compile(r"(?:\bos\.)?\b(?:environ\.get|getenv)$")
_ENVIRON = re.compile(r"^(?:os\.)?environ$")
_LIBRARY = re.compile(r"^(?:env|env\.str|config|decouple\.config)$")
_DEVELOPMENT = re.compile(
    r"(?:^|/)manage\.py$|(?:^|[/_.])(?:local|dev|develop|development|debug|ci|docs?|scripts?"
    r"|tools|examples?|bench\w*|fabfile|tasks_dev|setup|noxfile|conftest)(?:[/_.]|$)"
)


@dataclass(frozen=True)
class Lookup:
    """``os.environ.get("DEBUG", False)``"""

    name: str
    node: ast.expr
    default: ast.expr | None
    """What stands there as its default; None where nothing does."""
    file: PythonFile
    library: bool
    """A reader such as ``env(…)``, which may cast."""

    @property
    def demanded(self) -> bool:
        """Whether it fails where the variable is not set."""
        return isinstance(self.node, ast.Subscript) or (self.library and self.default is None)

    @property
    def location(self) -> Location:
        return self.file.at(self.node)

    @property
    def parent(self) -> ast.AST:
        """The expression or statement around it."""
        return self.file.parents[self.node]


def lookups(file: PythonFile) -> Iterator[Lookup]:
    """Every lookup of a named variable in a file whose result is a text."""
    nodes: list[ast.Call | ast.Subscript] = [*file.nodes(ast.Call), *file.nodes(ast.Subscript)]
    for node in nodes:
        found = _lookup(node, file)
        if found:
            yield found


def _lookup(node: ast.Call | ast.Subscript, file: PythonFile) -> Lookup | None:
    if isinstance(node, ast.Subscript):
        name = literal(node.slice)
        read = isinstance(node.ctx, ast.Load) and _ENVIRON.match(ast.unparse(node.value))
        return Lookup(name, node, None, file, False) if name and read else None
    name = literal(node.args[0]) if node.args else None
    if name is None or not isinstance(node.func, ast.Name | ast.Attribute):
        return None
    function = ast.unparse(node.func)
    default = node.args[1] if len(node.args) > 1 else keyword(node, "default")
    if _OS.search(function):
        return Lookup(name, node, default, file, False)
    text = default is None or (isinstance(default, ast.Constant) and _is_text(default.value))
    if _LIBRARY.match(function) and text and keyword(node, "cast") is None and name.isupper():
        return Lookup(name, node, default, file, True)
    return None


def _is_text(value: object) -> bool:
    return value is None or isinstance(value, str)


def around(file: PythonFile, node: ast.AST) -> Iterator[ast.AST]:
    """The nodes around one, the nearest first."""
    while (found := file.parents.get(node)) is not None:
        yield found
        node = found


def of_production(production: Production) -> Iterator[PythonFile]:
    """The settings, and the project's own files that read the environment in production."""
    settings = production.settings_files
    yield from settings
    own = {file.path for file in settings}
    for file in production.mentioning("os.environ", "environ.get", "environ[", "getenv"):
        other = "settings" in file.path or _DEVELOPMENT.search(file.path.lower())
        if file.path not in own and not other:
            yield file
