"""What an evaluation is about: modules, scopes, lookups, and the root as text."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

from nuages.project.evaluation.values import CLEAN, Taint, Value
from nuages.text import Location

ROOT = "/\ue000/\ue001/\ue002"


"""Stands for the absolute path of the project's root, in characters that no text has."""


@dataclass(eq=False)
class Module:
    """A module of the user's: its names, and where each was assigned."""

    name: str
    path: str
    names: dict[str, Value] = field(default_factory=dict)
    locations: dict[str, Location] = field(default_factory=dict)
    rest: str = ""
    """Why there may be further names; empty when there are none."""

    @property
    def package(self) -> str:
        is_package = self.path.endswith("__init__.py")
        return self.name if is_package else self.name.rpartition(".")[0]

    @property
    def file(self) -> str:
        return f"{ROOT}/{self.path}"


@dataclass(eq=False)
class Scope:
    """Names in sight of a statement; ``names`` are the module's own outside functions."""

    module: Module
    names: dict[str, Value]
    outer: Scope | None = None
    function: bool = False
    comprehension: bool = False
    taint: Taint = CLEAN
    """What the rest of a function depends on after ``if …: return``."""
    pending: list[Value] = field(default_factory=list)
    """What a branch that may or may not have been taken has returned."""
    elsewhere: dict[str, Scope | None] = field(default_factory=dict)
    """Names declared ``global`` (None) or ``nonlocal``."""
    result: list[Value] = field(default_factory=list)
    """What a generator yields."""
    owner: Any = None
    """The class whose method runs here, for ``super()``."""


@dataclass(frozen=True)
class Read:
    """One lookup of an environment variable."""

    name: str
    location: Location
    default: Value | None = None
    cast: str | None = None
    required: bool = False


class Importer(Protocol):
    """What finds and evaluates modules."""

    def load(self, machine: Any, name: str, run: bool = True) -> Module | None: ...

    def installed(self, machine: Any, name: str) -> bool | None: ...


ABOVE = {ROOT: "{root}", "/\ue000/\ue001": "{root}/..", "/\ue000": "{root}/../.."}


def public(text: str) -> str:
    """Return a text with the project's root as ``{root}``."""
    if "\ue000" in text:
        for folder, shown in ABOVE.items():
            text = text.replace(folder, shown)
    return text
