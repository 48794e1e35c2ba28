"""What one manifest declares, whatever its format."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from nuages.project.facts import Manager, Problem
from nuages.project.requirements import Requirement


@dataclass(frozen=True)
class Declared:
    """Requirements of a manifest, by where they apply."""

    manager: Manager
    path: str
    requirements: tuple[Requirement, ...] = ()
    groups: Mapping[str, tuple[Requirement, ...]] = field(default_factory=dict)
    extras: Mapping[str, tuple[Requirement, ...]] = field(default_factory=dict)
    python: str | None = None
    """``requires-python`` or its like, as PEP 440."""
    python_line: int = 0
    default_groups: tuple[str, ...] = ()
    only_groups: bool = False
    """It describes no project: installers take its groups and nothing else from it."""
    buildable: bool = False
    """It has a build system, so an installer would install the project too."""
    package: str = ""
    """The folder that the project's own name stands for, as an import."""
    files: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
