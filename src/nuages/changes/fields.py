"""The fields in which two values differ, with what is secret masked.

Terraform says beside each value which parts are sensitive or not yet known, in values of the same
shape that hold ``true`` there. What a schema does not call sensitive and an environment variable's
name does is masked, too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from nuages.changes.change import MASK, Field
from nuages.text import looks_secret, redacted

Path = tuple[str | int, ...]
_EMPTY: tuple[Any, ...] = (None, "", [], {})


@dataclass(frozen=True)
class Marked:
    """A value, and which of its parts are sensitive, or unknown."""

    value: Any
    sensitive: Any = False
    unknown: Any = False

    def part(self, key: str | int) -> Marked:
        """The value of a key or an index, with its marks; empty where there is none."""
        return Marked(*(_part(each, key) for each in (self.value, self.sensitive, self.unknown)))

    @property
    def parts(self) -> list[Marked]:
        return [self.part(number) for number in range(len(self.value or ()))]


def masked(marked: Marked, key: str | int = "") -> Any:
    """The value without its secrets; an unknown part is None."""
    value = marked.value
    if _hidden(marked, key):
        return MASK if value is not None else None
    if isinstance(value, Mapping):
        return {name: masked(marked.part(name), _named(value, name)) for name in value}
    if isinstance(value, list):
        return [masked(each) for each in marked.parts]
    return redacted(value) if isinstance(value, str) else value


def differences(
    before: Marked, after: Marked, path: Path = (), key: str | int = ""
) -> Iterator[Field]:
    """Every field, as deep as possible, that would have another value.

    ``key`` is the name that tells whether the value is a secret.
    """
    secret = _hidden(before, key) or _hidden(after, key)
    if secret or after.unknown is True:
        if after.unknown is True or before.value != after.value:
            yield _field(path, before, after, MASK if secret else None)
    elif _both(before, after, Mapping):
        yield from _of_mappings(before, after, path)
    elif _both(before, after, list) and _holds_mappings(before, after):
        yield from _of_blocks(before, after, path)
    elif before.value != after.value and not (before.value in _EMPTY and after.value in _EMPTY):
        yield _field(path, before, after)


def _field(path: Path, before: Marked, after: Marked, mask: str | None = None) -> Field:
    unknown = after.unknown is True
    old, new = (mask, mask) if mask else (masked(before), masked(after))
    if mask or (old == new and not unknown):
        return Field(path, MASK, MASK, sensitive=True, unknown=unknown)
    return Field(path, old, new, unknown=unknown)


def _of_mappings(before: Marked, after: Marked, path: Path) -> Iterator[Field]:
    either = before.value or after.value or {}
    names = dict.fromkeys([*(before.value or {}), *(after.value or {}), *_keys(after.unknown)])
    for name in names:
        key = _named(either, name)
        yield from differences(before.part(name), after.part(name), (*path, name), key)


def _of_blocks(before: Marked, after: Marked, path: Path) -> Iterator[Field]:
    old, new = _by_name(before), _by_name(after)
    if old is not None and new is not None:
        for name in dict.fromkeys([*old, *new]):
            gone = Marked({})
            yield from differences(old.get(name, gone), new.get(name, gone), (*path, name))
        return
    for number, (one, other) in enumerate(zip_longest(before.parts, after.parts)):
        yield from differences(one or Marked({}), other or Marked({}), (*path, number))


def _by_name(marked: Marked) -> dict[str, Marked] | None:
    """Blocks by their ``name``; None where they have none, or share one."""
    found = {}
    for each in marked.parts:
        name = each.value.get("name") if isinstance(each.value, Mapping) else None
        if not isinstance(name, str) or name in found:
            return None
        found[name] = each
    return found


def _named(mapping: Any, key: str) -> str:
    """The name of a variable, where a mapping is ``{name: …, value: …}`` and this is its value."""
    name = mapping.get("name") if key == "value" and isinstance(mapping, Mapping) else None
    return name if isinstance(name, str) else key


def _hidden(marked: Marked, key: str | int) -> bool:
    by_name = isinstance(key, str) and key.isupper() and looks_secret(key)
    return marked.sensitive is True or (by_name and marked.value not in _EMPTY)


def _both(before: Marked, after: Marked, kind: type) -> bool:
    """Both are of this kind, or one is and the other is not there."""
    values = [each.value for each in (before, after)]
    return any(isinstance(v, kind) for v in values) and all(
        isinstance(v, kind) or v is None for v in values
    )


def _holds_mappings(before: Marked, after: Marked) -> bool:
    every = [*(before.value or ()), *(after.value or ())]
    return bool(every) and all(isinstance(each, Mapping) for each in every)


def _part(value: Any, key: str | int) -> Any:
    if value is True:
        return True
    if isinstance(value, Mapping):
        return value.get(key)
    if isinstance(value, list) and isinstance(key, int) and key < len(value):
        return value[key]
    return None


def _keys(value: Any) -> list[str]:
    return list(value) if isinstance(value, Mapping) else []
