"""Arithmetic and comparison on plain objects, bounded in size."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from typing import Any

from nuages.project.evaluation.values import LARGEST


class TooLarge(Exception):
    """The result would take too much memory or time."""


def _times(a: Any, b: Any) -> Any:
    for sequence, count in ((a, b), (b, a)):
        if isinstance(sequence, (str, bytes, list, tuple)) and isinstance(count, int):
            if len(sequence) * count > LARGEST:
                raise TooLarge
        elif isinstance(count, int) and count.bit_length() > 4000:
            raise TooLarge
    return a * b


def _power(a: Any, b: Any) -> Any:
    size = abs(a).bit_length() if isinstance(a, int) else 1
    if isinstance(b, int) and abs(b) * size > 10_000:
        raise TooLarge
    return a**b


def _shifted(a: Any, b: Any) -> Any:
    if isinstance(b, int) and b > 4000:
        raise TooLarge
    return a << b


def _modulo(a: Any, b: Any) -> Any:
    if isinstance(a, (str, bytes)) and len(a) > LARGEST:
        raise TooLarge
    if isinstance(a, str):
        guard_format(a)
    return a % b


def guard_format(template: str) -> None:
    """Refuse a format whose width would fill the memory."""
    run = 0
    for character in template:
        run = run + 1 if character.isdigit() else 0
        if run > 4:
            raise TooLarge
    if "*" in template and "%" in template:
        raise TooLarge


BINARY: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: _times,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: _modulo,
    ast.Pow: _power,
    ast.LShift: _shifted,
    ast.RShift: operator.rshift,
    ast.BitOr: operator.or_,
    ast.BitAnd: operator.and_,
    ast.BitXor: operator.xor,
    ast.MatMult: operator.matmul,
}
UNARY: dict[type[ast.unaryop], Callable[[Any], Any]] = {
    ast.Not: operator.not_,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
    ast.Invert: operator.invert,
}
COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Is: operator.is_,
    ast.IsNot: operator.is_not,
    ast.In: lambda a, b: a in b,
    ast.NotIn: lambda a, b: a not in b,
}
