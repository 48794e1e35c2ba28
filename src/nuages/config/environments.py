"""Overlays: the top level of nuages.yaml is production, ``environments`` holds the differences."""

from __future__ import annotations

from nuages.config.document import Entries, Entry, Node, Scalar
from nuages.config.problems import Problem

KEY = "environments"
PRODUCTION = "production"


def overlays(root: Entries) -> tuple[dict[str, Node], list[Problem]]:
    """Return each environment's merged tree, and what is wrong with the overlays as such.

    Every node keeps its own place, so an error in a merged tree points at the line, of the
    top level or of the overlay, that caused it.
    """
    entry = root.entries.get(KEY)
    if entry is None or not isinstance(entry.node, Entries):
        return {}, []
    found: dict[str, Node] = {}
    problems: list[Problem] = []
    for name, overlay in entry.node.entries.items():
        problem = _problem(name, overlay)
        if problem:
            problems.append(problem)
        elif isinstance(overlay.node, Entries):
            found[name] = merged(without(root, KEY), overlay.node)
        else:
            found[name] = without(root, KEY)
    return found, problems


def _problem(name: str, overlay: Entry) -> Problem | None:
    path = f"{KEY}/{name}"
    if name == PRODUCTION:
        message = f"{path}: production is the top level of the file; move its keys there"
        return Problem(overlay.location, message)
    if isinstance(overlay.node, Scalar) and overlay.node.value is None:
        return None  # an environment like production in everything
    if not isinstance(overlay.node, Entries):
        return Problem(overlay.node.location, f"{path}: should be a mapping")
    nested = overlay.node.entries.get(KEY)
    if nested:
        return Problem(nested.location, f"{path}/{KEY}: environments cannot be nested")
    return None


def without(node: Entries, key: str) -> Entries:
    """The mapping less one key."""
    kept = {name: entry for name, entry in node.entries.items() if name != key}
    return Entries(kept, node.location, node.size)


def merged(under: Node, over: Node) -> Node:
    """Mappings are merged key by key, null removes a key, everything else is replaced."""
    if not (isinstance(under, Entries) and isinstance(over, Entries)):
        return over
    entries = dict(under.entries)
    for name, entry in over.entries.items():
        if isinstance(entry.node, Scalar) and entry.node.value is None:
            entries.pop(name, None)
        elif name in entries:
            entries[name] = Entry(entry.location, merged(entries[name].node, entry.node))
        else:
            entries[name] = entry
    return Entries(entries, over.location, under.size + over.size)
