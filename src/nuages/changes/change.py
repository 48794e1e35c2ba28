"""The nouns of a plan: what happens to which object, and in which of its fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Action = Literal["create", "update", "replace", "destroy", "forget", "move", "import"]
"""``forget``: it stays, and is no longer looked after; ``move`` and ``import``: nothing else is
done to it."""
MASK = "***"
DESTRUCTIVE = frozenset({"replace", "destroy"})


@dataclass(frozen=True)
class Field:
    """A field that changes; a secret one has ``MASK`` for both values."""

    path: tuple[str | int, ...]
    before: Any
    after: Any
    sensitive: bool = False
    unknown: bool = False
    """The new value is known only once it is made."""
    forces: bool = False
    """It cannot be changed in place: the object is made anew because of it."""


@dataclass(frozen=True)
class Change:
    """What happens to one object of the infrastructure."""

    address: str
    """As Terraform writes it: ``google_sql_database_instance.this[0]``."""
    type: str
    name: str
    index: str | int | None
    action: Action
    fields: tuple[Field, ...] = ()
    reason: str = ""
    """Terraform's word for why: ``replace_because_cannot_update``."""
    values: Mapping[str, Any] = field(default_factory=dict, repr=False)
    """Its values after the change, or before it is destroyed; secret ones are ``MASK``."""
    before: Mapping[str, Any] = field(default_factory=dict, repr=False)
    """Its values until now, where it is destroyed."""
    moved_from: str | None = None
    imported: str | None = None
    """The id of the object that is taken over."""
    create_first: bool = False
    """A replacement is made before the old one is destroyed."""

    @property
    def destructive(self) -> bool:
        return self.action in DESTRUCTIVE


@dataclass(frozen=True)
class Drift:
    """An object that somebody changed, or removed, since Terraform last saw it."""

    change: Change
    undone: bool
    """The plan brings it back; else it is left as it is."""


@dataclass(frozen=True)
class Plan:
    """Everything that a plan would do."""

    changes: tuple[Change, ...]
    drift: tuple[Drift, ...] = ()
    unchanged: int = 0
    outputs: tuple[str, ...] = ()
    """Names of the outputs that change."""

    @property
    def changed(self) -> bool:
        return bool(self.changes or self.outputs)

    def doing(self, *actions: Action) -> tuple[Change, ...]:
        """The changes of these kinds."""
        return tuple(change for change in self.changes if change.action in actions)
