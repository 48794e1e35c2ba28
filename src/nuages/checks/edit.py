"""Changes to the user's files that ``--fix`` offers, as data; nothing here writes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True)
class Assign:
    """Set a setting, in the module where it stands or at its end."""

    path: str
    name: str
    value: str
    """Python source: ``True``, ``"Lax"``."""


@dataclass(frozen=True)
class Replace:
    """Replace a text that stands once in a line."""

    path: str
    line: int
    old: str
    new: str


Edit: TypeAlias = Assign | Replace
