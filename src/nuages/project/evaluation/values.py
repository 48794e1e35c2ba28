"""What an expression evaluates to: Python values that know which variables they came from.

``Value.data`` is a plain Python object, except that a list, a tuple or the values of a dict
hold :class:`Value` again, so that each element keeps its own origin. What cannot be computed
is :class:`Unknown`, with the reason.
"""

# a method takes what its protocol says
# ruff: noqa: ARG002

from __future__ import annotations

import datetime
import decimal
import pathlib
import re
import urllib.parse
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

Taint = frozenset[str]
CLEAN: Taint = frozenset()
"""Derived from no environment variable."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """Something that cannot be computed from the text alone.

    ``many`` stands in a list for zero or more elements, so that the others stay known.
    """

    reason: str
    many: bool = False


@dataclass(frozen=True, slots=True)
class Value:
    """A value and the environment variables that it depends on."""

    data: Any
    taint: Taint = CLEAN

    def tainted(self, taint: Taint) -> Value:
        """Return the same value, depending on ``taint`` as well."""
        return self if taint <= self.taint else Value(self.data, self.taint | taint)

    @property
    def unknown(self) -> bool:
        return isinstance(self.data, Unknown)


NONE = Value(None)


class OpenDict(dict[Any, Any]):
    """A dict that may hold further keys, for a reason."""

    reason = "keys that cannot be told"


class Items(list[Value]):
    """An iterator: it can be walked, but it is no list."""


@dataclass(frozen=True, slots=True)
class Symbol:
    """A name of a library that is not modelled: ``django.db.models.Q``."""

    name: str


@dataclass(frozen=True, slots=True)
class Native:
    """A function of a library that is modelled here; it takes a ``Call``."""

    name: str
    function: Callable[[Any], Value]


class Model:
    """An object of a library that is modelled here, with attributes and perhaps a call."""

    complete = False
    """Whether an attribute that is not modelled certainly does not exist."""
    reason = ""
    """Why an operation that is not modelled cannot be told."""

    def attribute(self, name: str) -> Value | None:
        """Return an attribute, or None where there is none that is modelled."""
        return None

    def invoke(self, call: Any) -> Value:
        """Call the object."""
        return Value(Unknown(f"a call of {type(self).__name__}"), call.taint)


class NotPlain(Exception):
    """A value cannot be lowered to a plain Python object; ``reason`` says why."""

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason


ATOMS = (
    bool, int, float, complex, str, bytes, type(None), type(Ellipsis), range, slice,
    datetime.timedelta, datetime.date, datetime.time, datetime.tzinfo, decimal.Decimal, uuid.UUID,
    pathlib.PurePath, urllib.parse.ParseResult, urllib.parse.SplitResult, re.Pattern, re.Match,
    type,
)  # fmt: skip
"""Types whose objects are immutable and stand for themselves."""


def unknown(reason: str, taint: Taint = CLEAN, many: bool = False) -> Value:
    """Return a value that cannot be told, for ``reason``."""
    return Value(Unknown(reason, many), taint)


def origins(value: Value) -> Taint:
    """Return every environment variable that a value or anything inside it depends on."""
    found: set[str] = set()
    _collect(value, found, set())
    return frozenset(found)


def _collect(value: Value, found: set[str], seen: set[int]) -> None:
    found |= value.taint
    children = contents(value.data)
    if children is None or id(value.data) in seen:
        return
    seen.add(id(value.data))
    for child in children:
        _collect(child, found, seen)


def contents(data: Any) -> Iterable[Value] | None:
    """Return the elements of a container as values, None for anything else."""
    if isinstance(data, (list, tuple)) and not hasattr(data, "_fields"):
        return [item for item in data if isinstance(item, Value)]
    return list(data.values()) if isinstance(data, dict) else None


def lift(plain: Any, taint: Taint = CLEAN) -> Value:
    """Return a plain Python object as a value; every part of it depends on ``taint``."""
    if isinstance(plain, Value):
        return plain.tainted(taint)
    if isinstance(plain, (Unknown, Model, Symbol)):
        return Value(plain, taint)
    if isinstance(plain, list):
        return Value([lift(item) for item in plain], taint)
    if isinstance(plain, tuple) and not hasattr(plain, "_fields"):
        return Value(tuple(lift(item) for item in plain), taint)
    if isinstance(plain, dict):
        return Value({key: lift(item) for key, item in plain.items()}, taint)
    return Value(plain, taint)


LARGEST = 200_000
"""Elements or characters that a computed value may have."""


def plain(value: Value, wrap: Callable[[Value], Any] | None = None) -> Any:
    """Return the plain Python object; raise NotPlain where a part is unknown or opaque.

    ``wrap`` turns what the user's code can call into what Python can call.
    """
    return _Lowering(wrap).lowered(value, 0)[0]


class _Lowering:
    """One conversion; what is shared stays shared, and is counted as often as it stands there."""

    def __init__(self, wrap: Callable[[Value], Any] | None):
        self.wrap = wrap
        self.done: dict[int, tuple[Any, int]] = {}

    def lowered(self, value: Value, depth: int) -> tuple[Any, int]:
        """Return the plain object and its size."""
        data = value.data
        if isinstance(data, (*ATOMS, set, frozenset, Plain, BaseException)):
            return data, 1
        if depth > 50:
            raise NotPlain("nested too deeply")
        if isinstance(data, (list, tuple, dict)) and not isinstance(data, OpenDict):
            if id(data) not in self.done:
                self.done[id(data)] = self._container(data, depth + 1)
            return self.done[id(data)]
        return self._object(value, depth), 1

    def _container(self, data: Any, depth: int) -> tuple[Any, int]:
        pairs = [self.lowered(item, depth) for item in contents(data) or ()]
        total = 1 + sum(size for _, size in pairs)
        if total > LARGEST:
            raise NotPlain("too large to compute")
        items = [item for item, _ in pairs]
        if isinstance(data, dict):
            return dict(zip(data, items, strict=True)), total
        return (tuple(items) if isinstance(data, tuple) else items), total

    def _object(self, value: Value, depth: int) -> Any:
        data = value.data
        if isinstance(data, Unknown | OpenDict):
            raise NotPlain(data.reason)
        text = getattr(data, "text", None) if isinstance(data, Model) else None
        if text is not None:
            return self.lowered(text(), depth + 1)[0]
        if self.wrap is not None and isinstance(data, Native | Model):
            return self.wrap(value)
        raise NotPlain(f"depends on {describe(data)}")


class Plain:
    """Marks a class of ours whose objects may be handed to plain functions."""


def describe(data: Any) -> str:
    """Return a few words that say what an object is."""
    if isinstance(data, Symbol | Native):
        return data.name
    return str(getattr(data, "name", None) or type(data).__name__)


def join(first: Value, second: Value, reason: str, depth: int = 0) -> Value:
    """Return what is certain when a value is either of two."""
    taint = first.taint | second.taint
    a, b = first.data, second.data
    if a is b:
        return Value(a, taint)
    if type(a) is type(b) and depth < 20:
        if isinstance(a, dict):
            return Value(join_dicts(a, b, reason, depth), taint)
        if isinstance(a, (list, tuple)) and not hasattr(a, "_fields"):
            return Value(type(a)(join_items(a, b, reason, depth)), taint)
        if isinstance(a, (*ATOMS, set, frozenset, Unknown, Symbol)) and a == b:
            return Value(a, taint)
    return unknown(reason, taint | origins(first) | origins(second))


def join_dicts(a: dict[Any, Any], b: dict[Any, Any], reason: str, depth: int) -> dict[Any, Any]:
    """Join two dicts key by key; a key that only one has becomes unknown."""
    joined: dict[Any, Any] = OpenDict() if isinstance(b, OpenDict) else type(a)()
    for key in [*a, *(key for key in b if key not in a)]:
        if key in a and key in b:
            joined[key] = join(a[key], b[key], reason, depth + 1)
        else:
            joined[key] = unknown(reason, origins(a[key] if key in a else b[key]))
    return joined


def join_items(a: Any, b: Any, reason: str, depth: int) -> list[Value]:
    """Join two sequences: what both begin and end with is certain, the middle is not."""
    if len(a) == len(b):
        return [join(x, y, reason, depth + 1) for x, y in zip(a, b, strict=True)]
    shorter = min(len(a), len(b))
    head = 0
    while head < shorter and same(a[head], b[head]):
        head += 1
    tail = 0
    while tail < shorter - head and same(a[-1 - tail], b[-1 - tail]):
        tail += 1
    middle = [*a[head : len(a) - tail], *b[head : len(b) - tail]]
    taint = frozenset[str]().union(*(origins(item) for item in middle))
    return [*a[:head], unknown(reason, taint, many=True), *(a[len(a) - tail :] if tail else [])]


def same(a: Value, b: Value) -> bool:
    """Tell whether two values are certainly equal."""
    try:
        return a.data is b.data or bool(plain(a) == plain(b))
    except (NotPlain, RecursionError):
        return False
