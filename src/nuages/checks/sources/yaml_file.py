"""YAML files of the user's: compose, workflows. Values with their lines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from nuages.config.document import Entries, Items, Node, Scalar, parse, plain
from nuages.config.places import place
from nuages.errors import ConfigError
from nuages.text import Location


@dataclass(frozen=True)
class Yaml:
    """A node of a document."""

    path: str
    node: Node

    @property
    def value(self) -> Any:
        """It and all that is in it as plain data."""
        return plain(self.node)

    @property
    def text(self) -> str:
        """A scalar as it was written; a list of scalars joined with spaces; else empty."""
        if isinstance(self.node, Items):
            return " ".join(item.text for item in self.list())
        return self.node.text if isinstance(self.node, Scalar) else ""

    @property
    def location(self) -> Location:
        """Where the value begins."""
        return self.node.location

    def get(self, *keys: str | int) -> Yaml | None:
        """What stands under these keys; None where nothing does."""
        found = place(self.node, keys)
        if len(found.keys) < len(keys):
            return None
        node: Node = self.node
        for key in keys:
            node = node.entries[str(key)].node if isinstance(node, Entries) else _item(node, key)
        return Yaml(self.path, node)

    def at(self, *keys: str | int) -> Location:
        """Where the key stands, or the nearest one above it that does."""
        return place(self.node, keys).key

    def items(self) -> Iterator[tuple[str, Yaml]]:
        """The keys and values of a mapping; nothing for anything else."""
        if isinstance(self.node, Entries):
            for key, entry in self.node.entries.items():
                yield key, Yaml(self.path, entry.node)

    def list(self) -> Iterator[Yaml]:
        """The elements of a list; nothing for anything else."""
        if isinstance(self.node, Items):
            yield from (Yaml(self.path, node) for node in self.node.nodes)


def _item(node: Node, key: str | int) -> Node:
    if not isinstance(node, Items) or not isinstance(key, int):
        raise KeyError(key)
    return node.nodes[key]


def yaml(text: str, path: str) -> Yaml | None:
    """Read one document; None where it is not plain YAML (templates, tags, several)."""
    try:
        return Yaml(path, parse(text, path))
    except ConfigError:
        return None
