"""The labels of a real project: what a reader found, and what only looks like a fault."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

FOLDER = Path(__file__).parent / "labels"
SECTIONS = ("labels", "late", "neutral", "fine")
"""In the order that decides where two entries are equally near to a finding."""
_FAR = 1_000_000


@dataclass(frozen=True)
class Label:
    """One entry; paths and ``kind`` of neutral and fine ones may hold ``*``."""

    section: str
    kind: str
    places: tuple[tuple[str, int], ...]
    """Path and line (0: the whole file); the first is where the reader saw it."""
    severity: str
    root: str
    absent: bool
    beyond: bool
    group: str
    why: str

    def about(self, kinds: tuple[str, ...], path: str, root: str) -> bool:
        """Whether a rule of these kinds, in this file, means this entry.

        What is absent has no place of its own: any file of the same Django project will do.
        """
        if not any(fnmatchcase(kind, self.kind) for kind in kinds):
            return False
        if self.absent and self.root == root:
            return True
        return any(_covers(place, path) for place, _ in self.places)

    def distance(self, path: str, line: int) -> int:
        """How far away it stands; an entry about a whole file is the farthest."""
        return min(
            (abs(at - line) for place, at in self.places if place == path and at and line),
            default=_FAR,
        )

    @property
    def place(self) -> str:
        return "{}:{}".format(*self.places[0])

    @property
    def fault(self) -> str:
        """Labels of one group are one fault, seen from several sides."""
        return self.group or f"{self.kind} {self.place}"


@dataclass(frozen=True)
class Truth:
    """One project's labels."""

    name: str
    checkout: str
    roots: tuple[str, ...]
    entries: tuple[Label, ...]

    @property
    def expected(self) -> tuple[Label, ...]:
        """What a check of the project's own folder could find: these count for recall."""
        return tuple(e for e in self.entries if e.section == "labels" and not e.beyond)


def truths(folder: Path = FOLDER) -> Iterator[Truth]:
    """Every labelled project."""
    for path in sorted(folder.glob("*.yaml")):
        data = YAML(typ="safe").load(path)
        roots = tuple(data["roots"])
        entries = tuple(
            _label(section, entry, roots) for section in SECTIONS for entry in data[section]
        )
        yield Truth(path.stem, data["checkout"], roots, entries)


def _label(section: str, entry: dict[str, Any], roots: tuple[str, ...]) -> Label:
    places = tuple(_place(at) for at in (entry["at"], *entry.get("also", ())))
    path = places[0][0]
    return Label(
        section=section,
        kind=entry["kind"],
        places=places,
        severity=entry.get("severity", ""),
        root=next((r for r in roots if path.startswith(f"{r}/")), roots[0]),
        absent=entry.get("absent", False),
        beyond=entry.get("beyond", False),
        group=entry.get("group", ""),
        why=entry["why"],
    )


def _place(at: str) -> tuple[str, int]:
    path, _, line = at.partition(":")
    return path, int(line or 0)


def _covers(place: str, path: str) -> bool:
    return place == "." or fnmatchcase(path, place) or path.startswith(f"{place}/")
