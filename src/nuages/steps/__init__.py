"""What to do, as data: steps are made by pure functions and carried out by ``effects``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Run:
    """Run a program to its end. ``environment`` is added to the caller's; never in argv."""

    title: str
    argv: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    directory: str | None = None
    timeout: float | None = None
    """Seconds."""
