"""Plain Python functions on values: lowered, called, and lifted with what they depend on."""

# a dispatch returns early
# ruff: noqa: PLR0911

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from nuages.project.evaluation.machine import Call, Machine
from nuages.project.evaluation.operators import TooLarge
from nuages.project.evaluation.signals import Broke, Continued, Exhausted, Raised, Restart, Returned
from nuages.project.evaluation.values import (
    LARGEST,
    Items,
    Model,
    Native,
    NotPlain,
    OpenDict,
    Symbol,
    Taint,
    Unknown,
    Value,
    lift,
    origins,
    plain,
    unknown,
)

CONTROL = (Raised, Returned, Broke, Continued, Exhausted, Restart, NotPlain)


def compute(machine: Machine, function: Callable[..., Any], *values: Value) -> Value:
    """Call a plain function; unknown where an argument is, Raised where Python would raise."""
    return compute_call(machine, function, list(values), {})


def compute_call(
    machine: Machine,
    function: Callable[..., Any],
    arguments: list[Value],
    keywords: dict[str, Value],
) -> Value:
    """Call a plain function with positional and keyword arguments."""
    taint = union(*arguments, *keywords.values())
    try:
        args = [lower(machine, value) for value in arguments]
        kwargs = {name: lower(machine, value) for name, value in keywords.items()}
        result = function(*args, **kwargs)
    except NotPlain as error:
        return unknown(error.reason, taint)
    except (TooLarge, RecursionError, MemoryError):
        return unknown("too large to compute", taint)
    except CONTROL:
        raise
    except Exception as error:
        raise Raised(error, taint, location=machine.here) from error
    if size(result) > LARGEST:
        return unknown("too large to compute", taint)
    return lift(result, taint)


def lower(machine: Machine, value: Value) -> Any:
    """Return a plain object; what the user's code can call becomes a Python function."""

    def wrap(function: Value) -> Callable[..., Any]:
        def called(*args: Any, **kwargs: Any) -> Any:
            keywords = {name: lift(item) for name, item in kwargs.items()}
            return lower(machine, machine.call(function, [lift(a) for a in args], keywords))

        return called

    return plain(value, wrap)


def union(*values: Value) -> Taint:
    """Return everything that any of the values depends on."""
    return frozenset[str]().union(*(origins(value) for value in values))


def size(result: Any) -> int:
    """Return about how many elements or characters a result has."""
    if isinstance(result, (str, bytes, list, tuple, dict, set, frozenset, range)):
        return len(result)
    return result.bit_length() // 8 if isinstance(result, int) else 1


def pure(function: Callable[..., Any]) -> Callable[[Call], Value]:
    """Return the model of a library's function that is plain Python without effects."""

    def model(call: Call) -> Value:
        if call.rest:
            return unknown(call.rest.reason, call.taint)
        return compute_call(call.machine, function, call.arguments, call.keywords)

    return model


def truth(value: Value) -> bool | None:
    """Return whether a value is true, None where that cannot be told."""
    data = value.data
    if isinstance(data, Unknown | Symbol):
        return None
    if isinstance(data, Items | Native):
        return True
    if isinstance(data, Model):
        return getattr(data, "truth", True)
    if isinstance(data, OpenDict) and not data:
        return None
    if isinstance(data, list):
        certain = any(not (item.unknown and item.data.many) for item in data)
        return True if certain else (None if data else False)
    try:
        return bool(data)
    except (TypeError, ValueError):
        return None


def elements(machine: Machine, value: Value) -> list[Value] | Unknown:
    """Return what iterating over a value yields, each with what the container depends on."""
    data = value.data
    if isinstance(data, Unknown):
        return data
    if isinstance(data, OpenDict):
        return Unknown(data.reason)
    if isinstance(data, (list, tuple)):
        return [item.tainted(value.taint) if isinstance(item, Value) else lift(item, value.taint)
                for item in data]  # fmt: skip
    if isinstance(data, Model | Symbol | Native):
        found = getattr(data, "iterate", lambda: None)()
        return found if found is not None else Unknown(f"iterates over {type(data).__name__}")
    if isinstance(data, (set, frozenset)):
        data = sorted(data, key=repr)
    try:
        if size(data) > LARGEST:
            return Unknown("too large to compute")
        return [lift(item, value.taint) for item in data]
    except TypeError as error:
        raise Raised(error, value.taint, location=machine.here) from error


CATASTROPHIC = re.compile(r"[+*}][^|]{0,40}\)\s*[+*{]")


def guard_pattern(pattern: Any) -> None:
    """Refuse a regular expression that may take exponential time."""
    text = pattern.pattern if isinstance(pattern, re.Pattern) else pattern
    if len(text) > 500 or CATASTROPHIC.search(str(text)):
        raise TooLarge
