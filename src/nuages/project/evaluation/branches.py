"""Conditions: one branch where the test is known, both and a join where it is not."""

# a dispatch returns early
# ruff: noqa: PLR0911

from __future__ import annotations

import ast
from collections.abc import Callable
from functools import partial
from typing import Any

from nuages.project.evaluation.compute import truth, union
from nuages.project.evaluation.containers import reason_of
from nuages.project.evaluation.machine import Machine, statement
from nuages.project.evaluation.names import assigned, leaves, raises_last
from nuages.project.evaluation.operations import compare
from nuages.project.evaluation.signals import Broke, Continued, Raised, Returned
from nuages.project.evaluation.state import Scope
from nuages.project.evaluation.statements import guard
from nuages.project.evaluation.values import (
    Taint,
    Value,
    contents,
    join_dicts,
    join_items,
    origins,
)


@statement(ast.If)
def if_(machine: Machine, node: ast.If, scope: Scope) -> None:
    test = machine.value(node.test, scope)
    known = truth(test)
    if known is None:
        taint = origins(test)
        either(
            machine,
            scope,
            [lambda: machine.run(node.body, scope), lambda: machine.run(node.orelse, scope)],
            reason_of(test),
            taint,
        )
        return
    taken, other = (node.body, node.orelse) if known else (node.orelse, node.body)
    follow(machine, taken, other, test.taint, scope)


def follow(
    machine: Machine, taken: list[ast.stmt], other: list[ast.stmt], taint: Taint, scope: Scope
) -> None:
    """Run the branch that is taken; what the other would change depends on the test as well."""
    if raises_last(other):
        guard(machine, taint)
    with machine.depending(taint):
        machine.run(taken, scope)
    mark(other, taint, scope)
    if taint and scope.function and leaves([*taken, *other]):
        scope.taint |= taint


def mark(other: list[ast.stmt], taint: Taint, scope: Scope) -> None:
    """Note that the names which an untaken branch would change depend on ``taint``."""
    if not taint:
        return
    for name in assigned(other):
        if name in scope.names:
            scope.names[name] = scope.names[name].tainted(taint)


def either(
    machine: Machine,
    scope: Scope,
    branches: list[Callable[[], None]],
    reason: str,
    taint: Taint,
) -> None:
    """Run every branch from the same state, and keep what is certain after any of them.

    A branch that raises is taken to be the one that does not happen, unless all raise.
    """
    before = Snapshot(machine, scope)
    ends: list[Snapshot] = []
    failed: list[Raised] = []
    for branch in branches:
        before.restore()
        problems = machine.problems[:]
        machine.trial += 1
        try:
            with machine.depending(taint):
                branch()
        except Returned as returned:
            if not scope.function:
                raise
            scope.pending.append(returned.value.tainted(taint))
            failed.append(Raised(RuntimeError("returned")))
            continue
        except (Broke, Continued):
            pass
        except Raised as raised:
            failed.append(raised)
            machine.problems = problems
            continue
        finally:
            machine.trial -= 1
        ends.append(Snapshot(machine, scope))
    _conclude(ends, failed, before, scope, reason)


def _conclude(
    ends: list[Snapshot], failed: list[Raised], before: Snapshot, scope: Scope, reason: str
) -> None:
    if not ends:
        if scope.pending and str(failed[-1].error) == "returned":
            raise Returned(scope.pending.pop())
        raise failed[0]
    before.restore()
    result = ends[0]
    for other in ends[1:]:
        result.join(other, reason)
    result.restore()


class Snapshot:
    """What every list and dict in sight holds at one moment."""

    def __init__(self, machine: Machine, scope: Scope):
        self.held: dict[int, tuple[Any, Any]] = {}
        inner: Scope | None = scope
        while inner is not None:
            self._namespace(inner.names)
            inner = inner.outer
        self._namespace(scope.module.names)
        self._namespace(machine.environ)

    def _namespace(self, names: dict[Any, Value]) -> None:
        if id(names) in self.held:
            return
        self.held[id(names)] = (names, dict(names))
        stack = list(names.values())
        while stack:
            data = stack.pop().data
            data = getattr(data, "attributes", data)
            if id(data) in self.held:
                continue
            children = contents(data)
            if isinstance(data, (list, dict)):
                self.held[id(data)] = (data, data.copy())
            stack.extend(children or ())

    def restore(self) -> None:
        """Put everything back as it was."""
        for held, content in self.held.values():
            if isinstance(held, list):
                held[:] = content
            else:
                held.clear()
                held.update(content)

    def join(self, other: Snapshot, reason: str) -> None:
        """Keep what is certain when either of two states is the case."""
        for key, (held, content) in list(self.held.items()):
            if key not in other.held:
                continue
            theirs = other.held[key][1]
            if isinstance(held, list):
                joined: Any = join_items(content, theirs, reason, 0)
            else:
                joined = join_dicts(content, theirs, reason, 0)
            self.held[key] = (held, joined)


@statement(ast.Match)
def match(machine: Machine, node: ast.Match, scope: Scope) -> None:
    subject = machine.value(node.subject, scope)
    if subject.unknown:
        bodies = [case.body for case in node.cases] + [[]]
        runs: list[Callable[[], None]] = [partial(machine.run, body, scope) for body in bodies]
        either(machine, scope, runs, reason_of(subject), origins(subject))
        return
    for case in node.cases:
        if _matches(machine, case, subject, scope):
            others = [item for other in node.cases if other is not case for item in other.body]
            follow(machine, case.body, others, origins(subject), scope)
            return
    mark([item for case in node.cases for item in case.body], origins(subject), scope)


def _matches(machine: Machine, case: ast.match_case, subject: Value, scope: Scope) -> bool:
    if not _pattern(machine, case.pattern, subject, scope):
        return False
    return case.guard is None or truth(machine.value(case.guard, scope)) is not False


def _pattern(machine: Machine, pattern: ast.pattern, subject: Value, scope: Scope) -> bool:
    if isinstance(pattern, ast.MatchValue):
        value = machine.value(pattern.value, scope)
        return truth(compare(machine, ast.Eq, subject, value)) is True
    if isinstance(pattern, ast.MatchSingleton):
        return subject.data is pattern.value
    if isinstance(pattern, ast.MatchOr):
        return any(_pattern(machine, option, subject, scope) for option in pattern.patterns)
    if isinstance(pattern, ast.MatchAs):
        if pattern.pattern is not None and not _pattern(machine, pattern.pattern, subject, scope):
            return False
        if pattern.name:
            machine.bind(scope, pattern.name, subject, pattern)
        return True
    if isinstance(pattern, ast.MatchSequence) and isinstance(subject.data, (list, tuple)):
        return len(pattern.patterns) == len(subject.data) and all(
            _pattern(machine, inner, item.tainted(union(subject)), scope)
            for inner, item in zip(pattern.patterns, subject.data, strict=True)
        )
    return False
