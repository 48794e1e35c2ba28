"""Words for the objects of a plan: a target says what its types are called."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from nuages.changes.change import MASK, Change

Words = str | Callable[[Mapping[str, Any]], str]
OTHER = "Other"


@dataclass(frozen=True)
class Noun:
    """What a type of object is called, for somebody who knows Django and not the cloud."""

    subject: Words
    """The heading it stands under: ``Database``."""
    noun: Words
    """``PostgreSQL database``, or a function of the object's values."""
    key: str = "name"
    """The field that names one of them; empty: they have no name worth telling."""
    details: tuple[Words, ...] = ()
    """``"{settings.0.disk_size} GB"``: left out where a field is not known."""
    holds: Words = ""
    """What is lost with it, if anything."""
    many: str = ""
    """Their plural, where there are so many that they are only counted."""


Nouns = Mapping[str, Noun]


def noun_of(change: Change, nouns: Nouns) -> Noun:
    """What this object is called; in Terraform's own words where the target has none."""
    found = nouns.get(change.type)
    return found or Noun(OTHER, change.type.partition("_")[2].replace("_", " ") or change.type)


def subject(change: Change, nouns: Nouns) -> str:
    """The heading that an object stands under."""
    return _said(noun_of(change, nouns).subject, change.values)


def phrase(change: Change, nouns: Nouns) -> str:
    """``the PostgreSQL database my-site-ab12 (db-f1-micro, 10 GB)``."""
    noun = noun_of(change, nouns)
    values = change.before if change.destructive else change.values
    words = ["the", _said(noun.noun, values), _name(change, noun, values)]
    details = [text for each in noun.details if (text := _said(each, values))]
    ending = f"({', '.join(details)})" if details else ""
    return " ".join(word for word in (*words, ending) if word)


def lost(change: Change, nouns: Nouns) -> str:
    """The data that goes with an object that is destroyed or replaced; empty: none."""
    if not change.destructive or change.before.get("deletion_policy") == "ABANDON":
        return ""
    return _said(noun_of(change, nouns).holds, change.before)


def protected(change: Change) -> bool:
    """Whether the object itself forbids that it is destroyed."""
    before = change.before
    switches = (before.get("deletion_protection"), before.get("prevent_destroy"))
    return change.destructive and (True in switches or before.get("force_destroy") is False)


def _name(change: Change, noun: Noun, values: Mapping[str, Any]) -> str:
    if not noun.key:
        return ""
    found = values.get(noun.key)
    if isinstance(found, str) and found and found != MASK:
        return found.rsplit("/", 1)[-1]
    return str(change.index) if isinstance(change.index, str) else ""


def _said(words: Words, values: Mapping[str, Any]) -> str:
    """The words, or a template filled; empty where one of its fields is not known."""
    if callable(words):
        return words(values)
    if "{" not in words:
        return words
    path = words[words.index("{") + 1 : words.index("}")]
    found = value_at(values, path)
    return "" if found in (None, "", MASK) else words.replace(f"{{{path}}}", _plain(found))


def value_at(values: Any, path: str) -> Any:
    """The value at ``settings.0.tier``, or None."""
    for step in path.split("."):
        if isinstance(values, list):
            values = values[int(step)] if int(step) < len(values) else None
        else:
            values = values.get(step) if isinstance(values, Mapping) else None
    return values


def _plain(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
