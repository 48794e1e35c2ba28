"""YAML text as a tree of nodes that know their line and column.

The tree is built from ruamel.yaml's events and not by its constructor: a node keeps the text
that stood in the file (``3.10`` is not 3.1), nothing is ever expanded before it is counted
(alias bombs), and no tag makes an object.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn, TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from nuages.config.problems import Problem, config_error
from nuages.text import Location

LARGEST_FILE = 100_000
"""Characters. The commented reference has about 10,000."""
DEEPEST = 24
MOST_NODES = 10_000
"""Nodes after every alias is expanded."""

ScalarValue: TypeAlias = str | int | float | bool | None


@dataclass(frozen=True, eq=False)
class Scalar:
    value: ScalarValue
    text: str
    """As it stood in the file, without its quotes."""
    location: Location
    size: int = 1


@dataclass(frozen=True, eq=False)
class Items:
    nodes: tuple[Node, ...]
    location: Location
    size: int


@dataclass(frozen=True, eq=False)
class Entry:
    location: Location
    """Where the key stands."""
    node: Node


@dataclass(frozen=True, eq=False)
class Entries:
    entries: Mapping[str, Entry]
    location: Location
    size: int


Node: TypeAlias = Scalar | Items | Entries

# YAML 1.2's core schema (https://yaml.org/spec/1.2.2/#103-core-schema) without .inf and .nan,
# which no key of ours can mean. Eighteen digits stay below Python's limit for int().
_NULL = re.compile(r"~|null|Null|NULL|")
_TRUE = re.compile(r"true|True|TRUE")
_FALSE = re.compile(r"false|False|FALSE")
_INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]{1,18}|[0-9]{1,18}(?:\.[0-9]{0,18})?)(?:[eE][-+]?[0-9]{1,2})?")
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def parse(text: str | bytes, path: str) -> Node:
    """Return the root of the one document in ``text``; ``path`` is for messages.

    Raises ``ConfigError`` for anything that is not one readable YAML document.
    """
    decoded = _decoded(text, path)
    try:
        return _Composer(decoded, path).document()
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        location = Location(path, mark.line + 1, mark.column + 1) if mark else Location(path, 1, 1)
        _fail(location, *_explained(str(error.problem or error.context or "not readable")))
    except (YAMLError, ValueError, ArithmeticError, LookupError, AttributeError) as error:
        # The scanner trips over its own feet on some malformed directives and escapes.
        said = (str(error).splitlines() or ["unreadable"])[0]
        _fail(Location(path, 1, 1), f"is not YAML: {said}")


def _fail(location: Location, message: str, hint: str = "") -> NoReturn:
    # What caused it is ruamel's own wording, which the message already carries.
    raise config_error([Problem(location, message, hint)]) from None


def _explained(problem: str) -> tuple[str, str]:
    if "'\\t'" in problem or "\t" in problem:
        return "a tab stands where YAML wants spaces", "indent with spaces only"
    if "mapping values are not allowed" in problem:
        return f"is not YAML: {problem}", "quote a text that contains ': ', and check the indent"
    if "cannot start any token" in problem:
        return f"is not YAML: {problem}", "quote a text that begins with a special character"
    return f"is not YAML: {problem}", ""


def _decoded(text: str | bytes, path: str) -> str:
    if len(text) > LARGEST_FILE:
        _fail(Location(path, 1, 1), f"is larger than {LARGEST_FILE} characters")
    if isinstance(text, bytes):
        text = _utf8(text, path)
    text = text.removeprefix("\ufeff")
    bad = _UNPRINTABLE.search(text)
    if bad:
        character = f"U+{ord(bad[0]):04X}"
        _fail(_position(text, bad.start(), path), f"contains the unprintable character {character}")
    return text


def _utf8(data: bytes, path: str) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8")
        _fail(_position(before, len(before), path), "is not UTF-8", "save the file as UTF-8")


def _position(text: str, offset: int, path: str) -> Location:
    line = text.count("\n", 0, offset) + 1
    return Location(path, line, offset - (text.rfind("\n", 0, offset) + 1) + 1)


class _Composer:
    """Builds nodes from events, with limits on depth and on the expanded size."""

    def __init__(self, text: str, path: str) -> None:
        self._path = path
        self._events: Iterator[Event] = YAML(typ="safe", pure=True).parse(text)
        self._anchors: dict[str, Node | None] = {}

    def document(self) -> Node:
        root: Node | None = None
        for event in self._events:
            if not isinstance(event, DocumentStartEvent):
                continue
            if root is not None:
                _fail(self._at(event), "holds several documents", "remove the '---' between them")
            root = self._node(next(self._events), 0)
        if root is None or (isinstance(root, Scalar) and root.value is None):
            _fail(Location(self._path, 1, 1), "is empty", "an empty mapping is written {}")
        return root

    def _at(self, event: Event) -> Location:
        return Location(self._path, event.start_mark.line + 1, event.start_mark.column + 1)

    def _node(self, event: Any, depth: int) -> Node:
        if isinstance(event, AliasEvent):
            return self._alias(event)
        if depth > DEEPEST:
            _fail(self._at(event), f"is nested deeper than {DEEPEST} levels")
        self._refuse_tag(event)
        if event.anchor:
            self._anchors[event.anchor] = None
        node = self._content(event, depth)
        if node.size > MOST_NODES:
            _fail(node.location, f"holds more than {MOST_NODES} values")
        if event.anchor:
            self._anchors[event.anchor] = node
        return node

    def _content(self, event: Any, depth: int) -> Node:
        if isinstance(event, MappingStartEvent):
            return self._mapping(event, depth)
        if isinstance(event, SequenceStartEvent):
            return self._sequence(event, depth)
        bad = _UNPRINTABLE.search(event.value)
        if bad:
            _fail(self._at(event), f"contains the unprintable character U+{ord(bad[0]):04X}")
        value = event.value if event.style else scalar(event.value)
        return Scalar(value, event.value, self._at(event))

    def _refuse_tag(self, event: Event) -> None:
        tag = getattr(event, "tag", None)
        if tag is not None and str(tag) != "!":
            _fail(self._at(event), f"has a tag: {str(tag)[:60]}", "remove it")

    def _alias(self, event: AliasEvent) -> Node:
        node = self._anchors.get(event.anchor)
        if node is None:
            itself = event.anchor in self._anchors
            what = "refers to itself" if itself else "refers to an anchor that does not exist"
            _fail(self._at(event), f"*{event.anchor} {what}")
        return node

    def _sequence(self, start: Event, depth: int) -> Items:
        nodes: list[Node] = []
        size = 1
        while not isinstance(event := next(self._events), SequenceEndEvent):
            nodes.append(self._node(event, depth + 1))
            size += nodes[-1].size
        return Items(tuple(nodes), self._at(start), size)

    def _mapping(self, start: Event, depth: int) -> Entries:
        entries: dict[str, Entry] = {}
        merged: list[Entries] = []
        while not isinstance(event := next(self._events), MappingEndEvent):
            key, at = self._key(event)
            node = self._node(next(self._events), depth + 1)
            if key == "<<":
                merged += self._merged(node, at)
            elif key in entries:
                first = entries[key].location
                _fail(at, f"the key {key!r} stands twice", f"first in line {first.line}")
            else:
                entries[key] = Entry(at, node)
        for source in merged:
            entries = {**source.entries, **entries}
        size = 1 + sum(1 + entry.node.size for entry in entries.values())
        return Entries(entries, self._at(start), size)

    def _key(self, event: Event) -> tuple[str, Location]:
        if not isinstance(event, ScalarEvent):
            _fail(self._at(event), "a key should be plain text")
        return event.value, self._at(event)

    def _merged(self, node: Node, at: Location) -> list[Entries]:
        sources = node.nodes if isinstance(node, Items) else (node,)
        found = [source for source in sources if isinstance(source, Entries)]
        if len(found) != len(sources):
            _fail(at, "<< should name a mapping", "as in <<: *anchor")
        return found


def scalar(text: str) -> ScalarValue:
    """Return what an unquoted text means in YAML 1.2: ``yes`` and ``on`` are text."""
    if _NULL.fullmatch(text):
        return None
    if _TRUE.fullmatch(text):
        return True
    if _FALSE.fullmatch(text):
        return False
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text


_WRITTEN = frozenset({"version", "runtime"})
_TEXTS = frozenset({"env_vars", "flags"})


def plain(node: Node, *, written: bool = False, variables: bool = False) -> Any:
    """Return the node as plain data.

    Versions, environment variables and flags are texts: they come out as they were written, so that
    ``3.10`` keeps its zero and ``True`` its capital.
    """
    if isinstance(node, Scalar):
        return node.text if written and node.value is not None else node.value
    if isinstance(node, Items):
        return [plain(item) for item in node.nodes]
    return {
        key: plain(entry.node, written=variables or key in _WRITTEN, variables=key in _TEXTS)
        for key, entry in node.entries.items()
    }
