"""Built-in functions that walk an iterable, and ``itertools.chain``."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from nuages.project.evaluation.compute import (
    compute_call,
    elements,
    union,
)
from nuages.project.evaluation.containers import item_of
from nuages.project.evaluation.machine import LIBRARY, Call, library
from nuages.project.evaluation.operations import operate
from nuages.project.evaluation.operators import TooLarge
from nuages.project.evaluation.signals import Raised
from nuages.project.evaluation.values import (
    LARGEST,
    NONE,
    Items,
    Native,
    Unknown,
    Value,
    lift,
    unknown,
)


@library("builtins.range")
def range_(call: Call) -> Value:
    return compute_call(call.machine, _range, call.arguments, {})


def _range(*bounds: int) -> range:
    made = range(*bounds)
    if len(made) > LARGEST:
        raise TooLarge
    return made


@library("builtins.sum")
def sum_(call: Call) -> Value:
    items = elements(call.machine, call.argument(0, "iterable", NONE))
    if isinstance(items, Unknown):
        return unknown(items.reason, union(*call.arguments))
    total = call.argument(1, "start", Value(0))
    for item in items:
        total = operate(call.machine, ast.Add, total, item)
    return total


@library("builtins.next")
def next_(call: Call) -> Value:
    items = elements(call.machine, call.argument(0, "iterator", NONE))
    if isinstance(items, Unknown):
        return unknown(items.reason, union(*call.arguments))
    if items:
        first = items[0]
        if isinstance(call.arguments[0].data, Items) and not (first.unknown and first.data.many):
            del call.arguments[0].data[0]
        return item_of(call.machine, Value(items, union(call.arguments[0])), Value(0))
    default = call.argument(1, "default")
    if default is None:
        raise Raised(StopIteration(), union(*call.arguments), location=call.machine.here)
    return default.tainted(union(call.arguments[0]))


def _lazy(function: Callable[..., Any]) -> Callable[[Call], Value]:
    def model(call: Call) -> Value:
        made = compute_call(
            call.machine, lambda *a, **k: list(function(*a, **k)), call.arguments, call.keywords
        )
        return Value(Items(made.data), made.taint) if isinstance(made.data, list) else made

    return model


def _structured(function: Callable[..., Any]) -> Callable[[Call], Value]:
    """A function over iterables that hands the elements on as they are."""

    def model(call: Call) -> Value:
        rows: list[list[Value]] = []
        for argument in call.arguments:
            items = elements(call.machine, argument)
            if isinstance(items, Unknown):
                return unknown(items.reason, union(*call.arguments))
            rows.append(items)
        made = [lift(item) for item in function(*rows)]
        return Value(Items(made), call.taint)

    return model


for _kind in (map, filter):
    LIBRARY[f"builtins.{_kind.__name__}"] = Value(
        Native(f"builtins.{_kind.__name__}", _lazy(_kind))
    )
LIBRARY["builtins.zip"] = Value(Native("builtins.zip", _structured(zip)))
LIBRARY["builtins.reversed"] = Value(
    Native("builtins.reversed", _structured(lambda items: list(reversed(items))))
)
LIBRARY["builtins.iter"] = Value(Native("builtins.iter", _structured(list)))
LIBRARY["itertools.chain"] = Value(
    Native("itertools.chain", _structured(lambda *rows: [item for row in rows for item in row]))
)


@library("itertools.chain.from_iterable")
def chained(call: Call) -> Value:
    rows = elements(call.machine, call.argument(0, "iterable", NONE))
    if isinstance(rows, Unknown):
        return unknown(rows.reason, union(*call.arguments))
    return call.machine.call(LIBRARY["itertools.chain"], rows)


@library("builtins.enumerate")
def enumerated(call: Call) -> Value:
    items = elements(call.machine, call.argument(0, "iterable", NONE))
    start = call.argument(1, "start", Value(0)).data
    if isinstance(items, Unknown) or not isinstance(start, int):
        return unknown("what is enumerated", union(*call.arguments))
    return Value(
        Items([Value((Value(n), item)) for n, item in enumerate(items, start)]), call.taint
    )
