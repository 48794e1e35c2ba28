"""What Django and the migration linter said of a project, where somebody asked (``--deep``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nuages.text import Location


@dataclass(frozen=True)
class Said:
    """One message, with its place where Django knows one."""

    code: str
    """``security.W004``, ``NOT_NULL``…"""
    level: int
    """As in ``logging``: 40 is an error."""
    message: str
    hint: str
    location: Location | None


@dataclass(frozen=True)
class Inspection:
    """Everything that was said; ``problems`` is what could not be asked, and why."""

    checks: tuple[Said, ...] = ()
    changes: tuple[str, ...] = ()
    lint: tuple[Said, ...] = ()
    problems: tuple[str, ...] = ()


def inspection_of(answer: Mapping[str, Any]) -> Inspection:
    """The answer of ``scripts/inspection.py``."""
    return Inspection(
        tuple(
            Said(c["id"], c["level"], c["message"], c["hint"], _place(c["path"], c["line"]))
            for c in answer["checks"]
        ),
        tuple(answer["changes"]),
        tuple(
            Said(
                c["code"],
                40 if c["level"] == "error" else 30,
                c["message"],
                "",
                _place(c["path"], 1),
            )
            for c in answer["lint"]
        ),
        tuple(answer["problems"]),
    )


def _place(path: str | None, line: int) -> Location | None:
    return Location(path, line) if path else None
