"""Where a path of keys stands in a document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nuages.config.document import Entries, Items, Node
from nuages.text import Location


@dataclass(frozen=True)
class Place:
    """The deepest part of a path that stands in the file."""

    keys: tuple[str | int, ...]
    location: Location
    """Of the value; ``key`` is that of its key."""
    key: Location


def place(root: Node, keys: Sequence[str | int]) -> Place:
    """Follow ``keys`` from the root as far as the file goes; other parts are passed over."""
    node, key = root, root.location
    walked: list[str | int] = []
    for part in keys:
        if isinstance(node, Entries) and part in node.entries:
            entry = node.entries[str(part)]
            node, key = entry.node, entry.location
        elif isinstance(node, Items) and isinstance(part, int) and part < len(node.nodes):
            node = node.nodes[part]
            key = node.location
        else:
            break
        walked.append(part)
    return Place(tuple(walked), node.location, key)
