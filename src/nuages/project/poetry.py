"""poetry's own way of writing requirements.

Source: https://python-poetry.org/docs/dependency-specification/
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from packaging.utils import canonicalize_name

from nuages.project.requirements import Requirement, ordered
from nuages.text import Location

_WILD = re.compile(r"^(\d+(?:\.\d+)*)\.\*$")


def poetry_requirement(name: str, value: object, where: Location) -> Iterator[Requirement]:
    """``name = "^1"`` or ``name = {version = …, extras = …, git = …}``, or a list of these."""
    for entry in value if isinstance(value, list) else [value]:
        if isinstance(entry, str):
            entry = {"version": entry}  # noqa: PLW2901 - the short form of the same
        if not isinstance(entry, dict):
            continue
        version, extras = entry.get("version"), entry.get("extras")
        git, url = entry.get("git"), entry.get("url")
        yield Requirement(
            str(canonicalize_name(name)),
            poetry_specifier(version) if isinstance(version, str) else "",
            where,
            frozenset(e for e in extras if isinstance(e, str))
            if isinstance(extras, list)
            else frozenset(),
            str(entry.get("markers") or ""),
            f"git+{git}" if isinstance(git, str) else url if isinstance(url, str) else "",
        )


def poetry_specifier(text: str) -> str:
    """poetry's ``^``, ``~`` and ``*`` as PEP 440: ``^3.11`` → ``>=3.11,<4``."""
    alternatives = text.rsplit("||", maxsplit=1)[
        -1
    ]  # ranges cannot be joined in PEP 440: the newest one
    clauses = [c.strip() for c in re.split(r",|(?<=[\d*])\s+(?=[<>=!~^])", alternatives)]
    return ordered(",".join(filter(None, (_clause(c) for c in clauses if c))))


def _clause(clause: str) -> str:
    if clause in {"*", ""}:
        return ""
    if clause[0] == "^":
        return _below(clause[1:].strip(), _caret)
    if clause[0] == "~" and not clause.startswith("~="):
        return _below(clause[1:].strip(), lambda parts: min(1, len(parts) - 1))
    if wild := _WILD.match(clause):
        return f"=={wild[1]}.*"
    if clause[0].isdigit():
        return f"=={clause}"
    return re.sub(r"^(=(?!=))", "==", clause).replace(" ", "")


def _caret(parts: list[int]) -> int:
    """The part that may not change: the first one that is not zero."""
    return next((i for i, part in enumerate(parts) if part), len(parts) - 1)


def _below(version: str, fixed: Callable[[list[int]], int]) -> str:
    numbers = re.match(r"\d+(?:\.\d+)*", version)
    if numbers is None:
        return ""
    parts = [int(part) for part in numbers[0].split(".")]
    index = fixed(parts)
    upper = [*parts[:index], parts[index] + 1]
    return f">={version},<{'.'.join(map(str, upper))}"
