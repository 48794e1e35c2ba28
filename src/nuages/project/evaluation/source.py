"""Text of Python to syntax trees, parsed once, and never failing."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from functools import lru_cache

from nuages.project.facts import Problem
from nuages.project.python_source import parsed_once


@dataclass(frozen=True)
class Parsed:
    """A module as a syntax tree; ``errors`` are the lines that could not be parsed, and why.

    ``lost`` names what those lines seem to assign; ``torn`` says that they were left out, so
    that nothing can be said of what else they do.
    """

    tree: ast.Module
    errors: tuple[tuple[int, str], ...] = ()
    lost: tuple[str, ...] = ()
    torn: bool = False


@lru_cache(maxsize=512)
def parse(text: str) -> Parsed:
    """Parse a module; where a part is not Python for this interpreter, keep the other parts."""
    whole = _tree(text)
    if isinstance(whole, ast.Module):
        return Parsed(whole)
    again = _tree(_EXCEPT.sub(r"\1(\2)\3", text))
    if isinstance(again, ast.Module):
        return Parsed(again, (whole,))
    return _salvaged(text, whole)


# PEP 758 (Python 3.14): ``except A, B:`` without parentheses.
_EXCEPT = re.compile(r"(?m)^(\s*except\*?\s+)((?:[\w.]+\s*,\s*)+[\w.]+)(\s*:)")
_ASSIGNED = re.compile(
    r"(?m)^\s*([A-Za-z_]\w*)\s*(?:(?:\[[^\]\n]*\]\s*)*(?::[^=\n]+)?[-+|&]?=(?!=)"
    r"|\.(?:append|extend|insert|remove|update|setdefault|pop)\()"
)
_TOP = re.compile(r"[^\s#)\]}]")


def _tree(text: str) -> ast.Module | tuple[int, str]:
    found = parsed_once(text)
    if isinstance(found, Problem):
        return found.location.line or 1, found.message or "invalid syntax"
    return found


def _salvaged(text: str, error: tuple[int, str]) -> Parsed:
    """Parse one top-level statement after the other and leave out those that fail."""
    body: list[ast.stmt] = []
    lost: list[str] = []
    errors: list[tuple[int, str]] = []
    for start, chunk in _chunks(text):
        tree = _tree(chunk)
        if isinstance(tree, ast.Module):
            body.extend(ast.increment_lineno(tree, start - 1).body)
        else:
            errors.append((tree[0] + start - 1, tree[1]))
            lost.extend(_ASSIGNED.findall(chunk))
    names = tuple(dict.fromkeys(lost))
    return Parsed(ast.Module(body, []), tuple(errors) or (error,), names, torn=True)


_CONTINUES = re.compile(r"(?:else|elif|except|finally)\b")


def _chunks(text: str) -> list[tuple[int, str]]:
    """Split a module before each line that stands at the margin and begins a statement."""
    chunks: list[tuple[int, list[str]]] = []
    decorated = False
    for number, line in enumerate(text.splitlines(), 1):
        begins = bool(_TOP.match(line)) and not _CONTINUES.match(line) and not decorated
        decorated = line.startswith("@")
        if begins or not chunks:
            chunks.append((number, []))
        chunks[-1][1].append(line)
    if len(chunks) > 3000:
        return []
    return [(start, "\n".join(lines)) for start, lines in chunks]
