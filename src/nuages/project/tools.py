"""What a project has run: its tests and linters before a release, its commands during one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from nuages.text import Location


@dataclass(frozen=True)
class Run:
    """A program with its arguments, the folder that it is started in, and what says so."""

    argv: tuple[str, ...]
    directory: str
    found: Location


@dataclass(frozen=True)
class Tooling:
    """The tests and linters, and what brings them besides what production installs."""

    tests: Run | None = None
    linters: tuple[Run, ...] = ()
    files: tuple[str, ...] = ()
    """Requirements files for development."""
    groups: tuple[str, ...] = ()
    extras: tuple[str, ...] = ()


@dataclass(frozen=True)
class ManagementStep:
    """A management command that the project documents or needs beyond migrate."""

    command: tuple[str, ...]
    when: Literal["build", "release"]
