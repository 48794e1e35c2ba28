"""A stage of a release, and what the stages before it have learned."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from nuages.steps.step import Step


@dataclass(frozen=True)
class Outputs:
    """What was learned so far, by name; a dry run has placeholders for all the rest.

    Only what JSON can hold, and never a secret: all of it is written to the journal.
    """

    known: Mapping[str, Any] = field(default_factory=dict)
    dry: bool = False

    def get(self, *path: str) -> Any:
        """The value at a path, or None."""
        found: Any = self.known
        for name in path:
            if not isinstance(found, Mapping) or name not in found:
                return None
            found = found[name]
        return found

    def text(self, *path: str) -> str:
        """A text that must be known; in a dry run ``‹path›``.

        Raises KeyError where no stage before has learned it.
        """
        found = self.get(*path)
        if found is None and self.dry:
            return f"‹{'.'.join(path)}›"
        if found is None:
            raise KeyError(".".join(path))
        return str(found)

    def mapping(self, *path: str) -> dict[str, Any]:
        """A mapping, empty where nothing is known; in a dry run with one placeholder."""
        found = self.get(*path)
        if found is None and self.dry:
            return {"…": f"‹{'.'.join(path)}›"}
        return dict(found or {})

    def having(self, name: str, value: Any) -> Outputs:
        """These, and one more."""
        return Outputs({**self.known, name: value}, self.dry)


@dataclass(frozen=True)
class Stage:
    """A part of a release: a pure function from what is known to what is to be done.

    A stage that dies is done again from its beginning, so that every one of its steps can be
    repeated. One that is ``remembered`` is not repeated at all once it has ended.
    """

    name: str
    title: str
    steps: Callable[[Outputs], Sequence[Step]]
    remembered: bool = False
