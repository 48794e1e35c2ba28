"""Plain data to a ``Manifest``, and pydantic's findings in words that name the keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from nuages.config.document import Node, plain
from nuages.config.places import place
from nuages.config.problems import Problem, did_you_mean
from nuages.config.schema.manifest import Manifest

Keys = tuple[str | int, ...]

_SAYINGS: Mapping[str, str] = {
    "bool_type": "should be true or false",
    "string_type": "should be text; put it in quotes",
    "int_type": "should be a whole number",
    "int_from_float": "should be a whole number",
    "float_type": "should be a number",
    "tuple_type": "should be a list",
    "list_type": "should be a list of strings",
    "dict_type": "should be a mapping",
    "model_type": "should be a mapping",
    "string_too_short": "should not be empty",
}


def manifest(root: Node) -> tuple[Manifest | None, list[Problem]]:
    """Return the checked data, or everything that is wrong with it."""
    data = plain(root)
    # Anchors need a place to stand: keys x-… are the user's own, as in compose files.
    if isinstance(data, dict):
        data = {key: value for key, value in data.items() if not key.startswith("x-")}
    try:
        return Manifest.model_validate(data), []
    except ValidationError as error:
        return None, [_problem(root, details) for details in error.errors(include_url=False)]


def _problem(root: Node, error: ErrorDetails) -> Problem:
    found = place(root, [part for part in error["loc"] if part != "[key]"])
    keys = found.keys
    if error["type"] == "extra_forbidden":
        return Problem(found.key, f"{_path(keys)}: is not a key of nuages.yaml", _suggestion(keys))
    if error["type"] == "missing":
        name = str(error["loc"][-1])
        return Problem(found.key, f"{_path(keys)}: needs the key {name!r}")
    about_key = "[key]" in error["loc"]
    prefix = f"{_path(keys)}: " if keys else ""
    return Problem(found.key if about_key else found.location, prefix + _saying(error))


def _path(keys: Keys) -> str:
    return "/".join(str(key)[:80] for key in keys)


def _saying(error: ErrorDetails) -> str:
    kind, context = error["type"], error.get("ctx", {})
    if kind in _SAYINGS:
        return _SAYINGS[kind]
    if kind == "value_error":
        return str(context["error"])
    if kind == "literal_error":
        return _choice(error["input"], str(context["expected"]))
    message = error["msg"].replace("Input should", "should").replace("String should", "should")
    return message.replace("match pattern", "look like")


def _choice(given: object, expected: str) -> str:
    words = expected.replace("'", "").replace(" or ", ", ").split(", ")
    hint = did_you_mean(given, words) if isinstance(given, str) else ""
    saying = f"should be {words[0]}" if len(words) == 1 else f"should be one of {', '.join(words)}"
    return saying + (f"; {hint}" if hint else "")


def _suggestion(keys: Keys) -> str:
    """The key that was meant: a sibling by its spelling, or the same word elsewhere."""
    word = str(keys[-1])
    parent = _model(Manifest, keys[:-1])
    siblings = list(parent.model_fields) if parent else []
    close = did_you_mean(word, siblings)
    if close:
        return close
    elsewhere = sorted(path for path in known_keys() if path.rpartition("/")[2] == word)
    if elsewhere:
        return f"did you mean {elsewhere[0]!r}?"
    return f"known here: {', '.join(siblings)}" if len(siblings) < 20 else ""


def _model(model: type[BaseModel], keys: Keys) -> type[BaseModel] | None:
    """The section that a path of keys leads to."""
    found: type[BaseModel] | None = model
    for key in keys:
        if found is None:
            return None
        field = found.model_fields.get(str(key))
        if field is not None:
            found = section(field.annotation)
    return found


def section(annotation: Any) -> type[BaseModel] | None:
    """The section inside a field's type: itself, optional, or by name in a mapping."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := section(part))), None)


@cache
def known_keys() -> tuple[str, ...]:
    """Every key of the schema as a path; names that a user chooses are ``*``."""
    return tuple(_keys(Manifest, ""))


def _keys(model: type[BaseModel], prefix: str) -> Iterator[str]:
    for name, field in model.model_fields.items():
        yield prefix + name
        inner = section(field.annotation)
        if inner is not None:
            chosen = "dict" in str(field.annotation)
            yield from _keys(inner, f"{prefix}{name}/" + ("*/" if chosen else ""))
