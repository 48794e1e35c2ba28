"""What a settings module takes from other modules of the project."""

from __future__ import annotations

import ast
import fnmatch
from collections.abc import Iterator
from dataclasses import dataclass

from nuages.project.python_source import Sources, calls, literal, parent
from nuages.text import Location


@dataclass(frozen=True)
class Imports:
    """Module names, and where an import of one that the tree does not hold stands."""

    stars: tuple[str, ...] = ()
    """Modules from which everything is taken, whatever happens."""
    parts: tuple[str, ...] = ()
    """Modules that are taken under a condition, or by django-split-settings' ``include``."""
    missing: tuple[tuple[str, Location], ...] = ()
    modules: tuple[str, ...] = ()
    """All of the project's own that are imported whatever happens."""


def imports(sources: Sources, path: str, tree: ast.Module) -> Imports:
    """The imports of a file, at module level."""
    stars: list[str] = []
    parts: list[str] = []
    missing: list[tuple[str, Location]] = []
    modules: list[str] = []
    for node, guarded in _statements(tree.body, guarded=False):
        for module, star in _modules(sources, path, node):
            if sources.path(module):
                if not guarded:
                    modules.append(module)
                if star:
                    (parts if guarded else stars).append(module)
            elif not guarded and not _is_namespace(sources, module):
                missing.append((module, Location(path, getattr(node, "lineno", 0))))
    parts += list(_included(sources, path, tree))
    return Imports(tuple(stars), tuple(parts), tuple(missing), tuple(modules))


def _is_namespace(sources: Sources, module: str) -> bool:
    folder = module.replace(".", "/")
    folders = sources.tree.folders
    return any((folder if r == "." else f"{r}/{folder}") in folders for r in sources.roots)


def _statements(body: list[ast.stmt], guarded: bool) -> Iterator[tuple[ast.stmt, bool]]:
    for node in body:
        yield node, guarded
        if isinstance(node, ast.If):
            yield from _statements([*node.body, *node.orelse], guarded=True)
        elif isinstance(node, ast.Try):
            caught = [statement for handler in node.handlers for statement in handler.body]
            yield from _statements([*node.body, *caught, *node.orelse, *node.finalbody], True)
        elif isinstance(node, ast.With):
            yield from _statements(node.body, guarded=True)


def _modules(sources: Sources, path: str, node: ast.stmt) -> Iterator[tuple[str, bool]]:
    if isinstance(node, ast.Import):
        yield from ((alias.name, False) for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        star = any(alias.name == "*" for alias in node.names)
        module = _absolute(sources, path, node)
        if module and (node.module or star):
            yield module, star
        # ``from . import x`` may name what the package's __init__ holds: nothing to say


def _absolute(sources: Sources, path: str, node: ast.ImportFrom) -> str | None:
    if not node.level:
        return node.module
    package = sources.module(path)
    if package is None:
        return None
    parts = package.split(".")
    drop = node.level - 1 if path.endswith("/__init__.py") else node.level
    parts = parts[: len(parts) - drop] if drop else parts
    return ".".join([*parts, node.module] if node.module else parts) or None


def _included(sources: Sources, path: str, tree: ast.Module) -> Iterator[str]:
    """The files that ``include("components/*.py", f"environments/{env}.py")`` may take."""
    folder = parent(path)
    for call in calls(tree, "include", "optional"):
        for pattern in _patterns(call):
            for file in fnmatch.filter(sources.own, f"{folder}/{pattern}"):
                if file != path and (module := sources.module(file)):
                    yield module


def _patterns(call: ast.Call) -> Iterator[str]:
    for argument in call.args:
        if text := literal(argument):
            yield text
        elif isinstance(argument, ast.JoinedStr):
            yield "".join(literal(part) or "*" for part in argument.values)
