"""The oldest Python that can parse a text, as far as the running one can tell.

Sources: PEP 634 (3.10), PEP 654 (3.11), PEP 695 and PEP 701 (3.12), PEP 750 and PEP 758 (3.14).
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator

from nuages.project.facts import Evidence, Fact, Problem
from nuages.project.python_source import is_parsed, parsed
from nuages.project.tree import Tree
from nuages.text import Location

Version = tuple[int, int]

_UNBRACKETED = re.compile(
    r"^(?P<head>[ \t]*except\*?[ \t]+)(?P<types>[\w.]+(?:[ \t]*,[ \t]*[\w.]+)+)(?P<tail>[ \t]*:)",
    re.MULTILINE,
)
UNBRACKETED = "except without brackets (PEP 758)"
"""What older Pythons can be given in another spelling, unlike the rest."""
_OLD_BINDING = re.compile(r",[ \t]*[a-z_]\w*$")
_GENERICS = re.compile(
    r"^[ \t]*(?:type[ \t]+\w+(?:\[[^\]]*\])?[ \t]*=[^=]|(?:async[ \t]+)?def[ \t]+\w+\["
    r"|class[ \t]+\w+\[)",
    re.MULTILINE,
)
_NESTED_QUOTES = re.compile(
    r"\b[rR]?[fF][rR]?(?:\"[^\"\n]*\{[^}\"\n]*\"[^\"\n]*\"|'[^'\n]*\{[^}'\n]*'[^'\n]*')"
)
_TEMPLATE_STRING = re.compile(r"(?<![\w\"'])[rR]?t[rR]?(?:\"[^\"\n]*\"|'[^'\n]*')")
_MARKS = re.compile(r"^[ \t]*match\b.*:|^[ \t]*except[ \t]*\*", re.MULTILINE)

_QUOTED = ("{}'", '{}"')
_LOOKED_FOR: tuple[tuple[tuple[str, ...], re.Pattern[str]], ...] = (
    (("except",), _UNBRACKETED),
    (("[",), _GENERICS),
    (
        tuple(q.format(p) for p in ("f", "F", "fr", "fR", "Fr", "FR") for q in _QUOTED),
        _NESTED_QUOTES,
    ),
    (("match", "except"), _MARKS),
    (tuple(q.format(p) for p in ("t", "tr", "tR") for q in _QUOTED), _TEMPLATE_STRING),
)
"""What a text has to contain before its pattern is worth the time."""


def oldest(tree: Tree, paths: tuple[str, ...]) -> tuple[Fact[str] | None, list[Problem]]:
    """The oldest Python for all of these files, and those that no Python seems to parse."""
    found: list[tuple[Version, Evidence]] = []
    problems: list[Problem] = []
    for path in paths:
        text = tree.read(path) or ""
        if not _needs_a_look(text):
            continue
        for answer in floors(text, path):
            if isinstance(answer, Problem):
                problems.append(answer)
            else:
                found.append(answer)
    if not found:
        return None, problems
    version = max(version for version, _ in found)
    evidence = tuple(e for v, e in found if v == version)
    return Fact(f"{version[0]}.{version[1]}", evidence[:3]), problems


def _needs_a_look(text: str) -> bool:
    found = (p for words, p in _LOOKED_FOR if any(word in text for word in words))
    return any(p.search(text) for p in found) or not is_parsed(text)


def floors(text: str, path: str) -> Iterator[tuple[Version, Evidence] | Problem]:
    """Each feature in a text that a Python newer than 3.9 brought."""
    tree = _before_3_14(text, path)
    if isinstance(tree, Problem) and _is_unbracketed(text, tree.location.line):
        where = Location(path, tree.location.line)
        yield (3, 14), Evidence(where, UNBRACKETED)
        text = _UNBRACKETED.sub(_with_brackets, text)
        tree = _before_3_14(text, path)
    if isinstance(tree, Problem):
        yield from _unparsed(tree, text, path)
        return
    yield from _by_nodes(tree, path)
    quotes = _NESTED_QUOTES.search(text)
    # where 3.11 parses the text, the expression has misread something
    if quotes and hasattr(ast, "TypeAlias"):
        yield (3, 12), _evidence(text, path, quotes.start(), "quotes in an f-string (PEP 701)")


def _before_3_14(text: str, path: str) -> ast.Module | Problem:
    """The tree by the rules before PEP 758, whichever Python is running."""
    found = parsed(text, path)
    if sys.version_info < (3, 14) or isinstance(found, Problem):
        return found
    try:
        ast.parse(text, feature_version=(3, 13))
    except SyntaxError as error:
        return Problem(Location(path, error.lineno or 0), error.msg)
    return found


def bracketed(text: str) -> str:
    """The same program for older Pythons: ``except A, B:`` as ``except (A, B):`` (PEP 758)."""
    if "except" not in text or not isinstance(_before_3_14(text, ""), Problem):
        return text
    return _UNBRACKETED.sub(_with_brackets, text)


def _is_unbracketed(text: str, line: int) -> bool:
    here = text.splitlines()[line - 1 : line]
    match = _UNBRACKETED.search(here[0]) if here else None
    return match is not None and _with_brackets(match) != match[0]


def _with_brackets(match: re.Match[str]) -> str:
    if _OLD_BINDING.search(match["types"]):  # Python 2's ``except Error, name``
        return match[0]
    return f"{match['head']}({match['types']}){match['tail']}"


def _unparsed(
    problem: Problem, text: str, path: str
) -> Iterator[tuple[Version, Evidence] | Problem]:
    line = (text.splitlines() or [""])[max(problem.location.line - 1, 0) :][:1]
    here = line[0] if line else ""
    reasons = (
        (_GENERICS, (3, 12), "a type parameter (PEP 695)"),
        (_NESTED_QUOTES, (3, 12), "quotes in an f-string (PEP 701)"),
        (_TEMPLATE_STRING, (3, 14), "a template string (PEP 750)"),
    )
    for pattern, version, what in reasons:
        if pattern.search(here):
            yield version, Evidence(Location(path, problem.location.line), what)
            return
    if "f-string" in problem.message:
        yield (3, 12), Evidence(problem.location, "an f-string of PEP 701")
        return
    yield Problem(problem.location, f"cannot be parsed: {problem.message}")


def _by_nodes(tree: ast.Module, path: str) -> Iterator[tuple[Version, Evidence]]:
    names = {"Match": ((3, 10), "match (PEP 634)"), "TryStar": ((3, 11), "except* (PEP 654)")}
    names["TypeAlias"] = ((3, 12), "a type alias (PEP 695)")
    for node in ast.walk(tree):
        line = node.handlers[0].lineno if isinstance(node, ast.TryStar) else 0
        line = line or getattr(node, "lineno", 0)
        if known := names.get(type(node).__name__):
            yield known[0], Evidence(Location(path, line), known[1])
        elif getattr(node, "type_params", None):
            yield (3, 12), Evidence(Location(path, line), "a type parameter (PEP 695)")


def _evidence(text: str, path: str, position: int, note: str) -> Evidence:
    return Evidence(Location(path, text.count("\n", 0, position) + 1), note)
