"""Where the packages around the settings ask for them while they are imported.

Django is in the middle of importing the settings then: it imports the module that is named once
more, which works where that is the project's own, and not where it is one on top of it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nuages.project.facts import Evidence, Problem
from nuages.project.imports import imports
from nuages.project.python_source import Sources, last_name, parsed
from nuages.text import Location

_LATER = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def early_use(sources: Sources, module: str) -> Evidence | None:
    """The first use in a package that holds the settings, or in what such a package imports."""
    parts = module.split(".")
    packages = (".".join(parts[:length]) for length in range(1, len(parts)))
    for package in packages:
        path = sources.path(package)
        if path is None or not path.endswith("__init__.py"):
            continue
        found = _use(sources, path)
        others = (p for name in _imported(sources, path) if (p := sources.path(name)))
        found = found or next(filter(None, (_use(sources, other) for other in others)), None)
        if found:
            return found
    return None


def _imported(sources: Sources, path: str) -> list[str]:
    tree = parsed(sources.tree.read(path) or "", path)
    return [] if isinstance(tree, Problem) else [*imports(sources, path, tree).modules]


def _use(sources: Sources, path: str) -> Evidence | None:
    text = sources.tree.read(path) or ""
    tree = parsed(text, path)
    if isinstance(tree, Problem) or "django" not in text:
        return None
    for node in _now(tree):
        if isinstance(node, ast.Attribute) and node.attr.isupper() and _is_settings(node):
            return _at(path, node, f"settings.{node.attr} is read while it is imported")
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "django.setup":
            return _at(path, node, "Django is set up while it is imported")
    return None


def _is_settings(node: ast.Attribute) -> bool:
    return isinstance(node.value, ast.Name | ast.Attribute) and last_name(node.value) == "settings"


def _at(path: str, node: ast.expr, note: str) -> Evidence:
    return Evidence(Location(path, node.lineno, node.col_offset + 1), note)


def _now(tree: ast.AST) -> Iterator[ast.AST]:
    """What runs when a module is imported: not the bodies of its functions."""
    for child in ast.iter_child_nodes(tree):
        if not isinstance(child, _LATER):
            yield child
            yield from _now(child)
