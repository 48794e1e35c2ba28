"""What a release has reached, and the releases before it: one JSON text beside the state."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from nuages.errors import StepFailed

NAME = "journal.json"
KEPT = 20
"""Releases that are remembered."""
Status = Literal["begun", "done", "failed", "undone"]


@dataclass(frozen=True)
class Entry:
    """One release: what it is of, how far it came, what it learned."""

    id: str
    fingerprint: str
    """Of the code and the deployment: only the same release is gone on with."""
    at: str
    by: str
    status: Status = "begun"
    attempt: int = 1
    reached: tuple[str, ...] = ()
    """Stages that are done and are not repeated."""
    stage: str = ""
    """The one that was being done last."""
    outputs: Mapping[str, Any] = field(default_factory=dict)
    migrations: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Every migration of the code, and what in it the code before could not live with."""
    error: str = ""


@dataclass(frozen=True)
class Journal:
    """The newest release last."""

    entries: tuple[Entry, ...] = ()

    @property
    def last(self) -> Entry | None:
        return self.entries[-1] if self.entries else None

    @property
    def unfinished(self) -> Entry | None:
        """A release that died: whoever did it did not even say that it failed."""
        last = self.last
        return last if last is not None and last.status == "begun" else None

    @property
    def served(self) -> tuple[Entry, ...]:
        """The releases that people have been sent to, the one that serves last."""
        return tuple(entry for entry in self.entries if entry.status == "done")

    def having(self, entry: Entry) -> Journal:
        """This, with the entry of that id replaced or added."""
        others = tuple(each for each in self.entries if each.id != entry.id)
        return Journal((*others, entry)[-KEPT:])


def read(text: str) -> Journal:
    """Raises StepFailed for a text that no journal is."""
    try:
        found = json.loads(text)["releases"] if text else []
        return Journal(tuple(_entry(each) for each in found))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise StepFailed(
            f"The journal of the releases cannot be read: {error}",
            hint="Restore an earlier version of the object, or remove it: what serves stays.",
            reason="bad-journal",
        ) from error


def written(journal: Journal) -> str:
    """The journal as JSON."""
    found = [asdict(entry) for entry in journal.entries]
    return json.dumps({"version": 1, "releases": found}, indent=1, ensure_ascii=False)


def _entry(found: Mapping[str, Any]) -> Entry:
    migrations = {name: tuple(why) for name, why in found.get("migrations", {}).items()}
    reached = tuple(found.get("reached", ()))
    return Entry(**{**found, "reached": reached, "migrations": migrations})
