"""Python read as text and as syntax trees, never run."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from nuages.project.facts import Evidence, Problem
from nuages.project.tree import Tree
from nuages.text import Location


def at(path: str, text: str, position: int, note: str) -> Evidence:
    """Evidence at a position in a text, counted in characters from 0."""
    return Evidence(Location(path, text.count("\n", 0, position) + 1), note)


def first(tree: Tree, path: str, pattern: re.Pattern[str]) -> Evidence | None:
    """The first match of a pattern in a file, noted as the matching line."""
    text = tree.read(path) or ""
    match = pattern.search(text)
    if match is None:
        return None
    line = text[text.rfind("\n", 0, match.start()) + 1 :].partition("\n")[0].strip()
    return at(path, text, match.start(), line)


def parsed(text: str, path: str = "") -> ast.Module | Problem:
    """The syntax tree, or what this interpreter cannot parse and where."""
    found = parsed_once(text)
    if isinstance(found, Problem):
        return Problem(Location(path, found.location.line, found.location.column), found.message)
    return found


def is_parsed(text: str) -> bool:
    """Whether this interpreter can parse a text, of which nothing is kept: it may be large."""
    return not isinstance(parsed_once.__wrapped__(text), Problem)


@lru_cache(maxsize=512)
def parsed_once(text: str) -> ast.Module | Problem:
    """The syntax tree of a text, which several topics look at; it must not be changed."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an old escape in a user's string is not our news
            return ast.parse(text)
    except SyntaxError as error:
        return Problem(Location("", error.lineno or 0, error.offset or 0), error.msg)
    except (ValueError, RecursionError, MemoryError) as error:  # null bytes, absurd nesting
        return Problem(Location(""), str(error) or "cannot be parsed")


def calls(node: ast.AST, *names: str) -> Iterator[ast.Call]:
    """Every call of a function whose last name is one of ``names``."""
    for child in ast.walk(node):
        if isinstance(child, ast.Call) and last_name(child.func) in names:
            yield child


def last_name(node: ast.AST) -> str:
    """``c`` of ``a.b.c`` or ``c``; an empty text for anything else."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def literal(node: ast.AST | None) -> str | None:
    """The text of a string literal."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return None


def keyword(call: ast.Call, name: str) -> ast.expr | None:
    """The value of a keyword argument."""
    return next((k.value for k in call.keywords if k.arg == name), None)


@dataclass(frozen=True)
class Sources:
    """The folders on ``sys.path``, and the modules that can be imported from them."""

    tree: Tree
    roots: tuple[str, ...]

    def path(self, module: str) -> str | None:
        """The file of a dotted module; None when the tree does not hold it."""
        for root in self.roots:
            base = joined(root, module.replace(".", "/"))
            for path in (f"{base}/__init__.py", f"{base}.py"):
                if path in self.tree:
                    return path
        return None

    def module(self, path: str) -> str | None:
        """The dotted name under which a file is imported."""
        for root in sorted(self.roots, key=len, reverse=True):
            prefix = "" if root == "." else f"{root}/"
            if path.startswith(prefix) and path.endswith(".py"):
                parts = path[len(prefix) : -3].split("/")
                parts = parts[:-1] if parts[-1] == "__init__" else parts
                if parts and all(part.isidentifier() for part in parts):
                    return ".".join(parts)
        return None

    def holds(self, module: str) -> bool:
        """Whether the top-level package of a module is the project's own."""
        return self.path(module.partition(".")[0]) is not None or any(
            joined(root, module.partition(".")[0]) in self.tree.folders for root in self.roots
        )

    @cached_property
    def own(self) -> tuple[str, ...]:
        """Every Python file below the roots."""
        prefixes = tuple("" if root == "." else f"{root}/" for root in self.roots)
        return tuple(f for f in self.tree.files if f.endswith(".py") and f.startswith(prefixes))


def joined(folder: str, *parts: str) -> str:
    """A path below a folder of the tree, whose root is ``"."``."""
    rest = "/".join(part for part in parts if part)
    return rest if folder in {".", ""} else f"{folder}/{rest}" if rest else folder


def parent(path: str) -> str:
    """The folder of a path; ``"."`` at the root."""
    return path.rpartition("/")[0] or "."


def ancestors(folder: str) -> tuple[str, ...]:
    """A folder and those above it, up to the root."""
    found = [folder]
    while found[-1] != ".":
        found.append(parent(found[-1]))
    return tuple(found)
