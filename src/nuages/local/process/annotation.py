"""Annotations that Python 3.14 evaluates late, for the older one that stands in for it: pure.

https://peps.python.org/pep-0649/
"""

from __future__ import annotations

import ast
import re

_FUTURE = "from __future__ import annotations"
_FRAME = re.compile(r'^ *File "(?P<path>[^"]+)", line \d+, in .*\n(?P<line>.*)$', re.MULTILINE)
_UNDEFINED = re.compile(r"^NameError: name '\w+' is not defined", re.MULTILINE)
_ANNOTATED = re.compile(r"^\s*(?:(?:async\s+)?def\s|\w+\s*:|@|\*{0,2}\w+:|\)\s*->)")


def too_early(log: str, folder: str) -> str:
    """The file below ``folder`` in which an annotation names what is not there yet; else ""."""
    frames = list(_FRAME.finditer(log))
    if not frames or not _UNDEFINED.search(log, frames[-1].end()):
        return ""
    path = frames[-1]["path"]
    found = path.startswith(f"{folder}/") and _ANNOTATED.match(frames[-1]["line"])
    return path if found else ""


def late(text: str) -> str:
    """The same program with annotations that nobody evaluates while it is imported."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return text
    if _FUTURE in text:
        return text
    first = tree.body[0] if tree.body else None
    documented = ast.get_docstring(tree) is not None and first is not None
    lines = text.splitlines(keepends=True)
    at = (first.end_lineno or 0) if documented and first else _after_comments(lines)
    return "".join((*lines[:at], f"{_FUTURE}\n", *lines[at:]))


def for_types(text: str) -> bool:
    """Whether names are imported for a type checker alone, which annotations then use."""
    return bool(re.search(r"^if (?:typing\.)?TYPE_CHECKING:", text, re.MULTILINE))


def _after_comments(lines: list[str]) -> int:
    return next((n for n, line in enumerate(lines) if not line.startswith("#")), len(lines))
