"""Comprehensions and generator expressions."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import Any

from nuages.project.evaluation.compute import compute, elements, truth
from nuages.project.evaluation.machine import Machine, expression
from nuages.project.evaluation.state import Scope
from nuages.project.evaluation.targets import assign
from nuages.project.evaluation.values import (
    CLEAN,
    Items,
    NotPlain,
    OpenDict,
    Taint,
    Unknown,
    Value,
    origins,
    plain,
    unknown,
)


@dataclass
class _Found:
    items: list[Value] = field(default_factory=list)
    taint: Taint = CLEAN


@expression(ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp)
def comprehension(machine: Machine, node: Any, scope: Scope) -> Value:
    """A comprehension; an unknown iterable or condition leaves the result partly unknown."""
    found = _Found()
    inner = Scope(scope.module, {}, scope, function=True, comprehension=True)
    is_dict = isinstance(node, ast.DictComp)
    produce = ast.Tuple([node.key, node.value], ast.Load()) if is_dict else node.elt
    _generate(machine, node.generators, produce, inner, found)
    if is_dict:
        return _dict(found)
    if isinstance(node, ast.GeneratorExp):
        return Value(Items(found.items), found.taint)
    listed = Value(found.items, found.taint)
    return compute(machine, set, listed) if isinstance(node, ast.SetComp) else listed


def _generate(
    machine: Machine,
    generators: list[ast.comprehension],
    produce: ast.expr,
    scope: Scope,
    found: _Found,
) -> None:
    first, rest = generators[0], generators[1:]
    iterable = machine.value(first.iter, scope)
    found.taint |= iterable.taint
    items = elements(machine, iterable)
    if isinstance(items, Unknown):
        found.items.append(unknown(items.reason, iterable.taint, many=True))
        return
    for item in items:
        machine.step()
        if item.unknown and item.data.many:
            found.items.append(item)
            continue
        assign(machine, first.target, item, scope)
        decided, taint = _conditions(machine, first.ifs, scope)
        found.taint |= taint
        if decided is None:
            found.items.append(unknown("a condition that cannot be told", taint, many=True))
        elif decided and rest:
            _generate(machine, rest, produce, scope, found)
        elif decided:
            found.items.append(machine.value(produce, scope).tainted(taint))


def _conditions(machine: Machine, tests: list[ast.expr], scope: Scope) -> tuple[bool | None, Taint]:
    taint = CLEAN
    for test in tests:
        value = machine.value(test, scope)
        taint |= origins(value)
        known = truth(value)
        if not known:
            return known, taint
    return True, taint


def _dict(found: _Found) -> Value:
    built: dict[Any, Value] = {}
    for item in found.items:
        try:
            key, value = item.data
            built[plain(key)] = value
        except (TypeError, ValueError, NotPlain):
            built = OpenDict(built)
    return Value(built, found.taint)
