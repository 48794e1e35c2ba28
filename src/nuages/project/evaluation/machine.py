"""The state of one evaluation, and the dispatch from a node of the syntax tree to its meaning."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from nuages.project.evaluation.dependencies import mentioned, version
from nuages.project.evaluation.names import assigned
from nuages.project.evaluation.signals import Broke, Continued, Exhausted, Raised, Restart, Returned
from nuages.project.evaluation.state import Importer, Module, Read, Scope
from nuages.project.evaluation.values import CLEAN, Native, Taint, Unknown, Value, unknown
from nuages.project.facts import Problem
from nuages.project.tree import Tree
from nuages.text import Location

SIGNALS = (Broke, Continued, Returned, Restart)
REASONS: dict[type[BaseException], str] = {
    Exhausted: "the settings compute more than is followed here",
    RecursionError: "too deeply nested to evaluate",
    MemoryError: "too deeply nested to evaluate",
}
STEPS = 400_000
"""Statements and expressions that one evaluation may take: about two seconds."""
DEPTH = 40
"""Calls of the user's functions inside one another."""


@dataclass(eq=False)
class Machine:
    """One evaluation: the project, the assumed environment, and what was found."""

    tree: Tree
    sources: tuple[str, ...]
    environ: dict[str, Value]
    importer: Importer
    caller: Callable[[Call], Value]
    assumed: frozenset[str] = CLEAN
    """Required variables that are missing and stand as unknown values."""
    packages: Mapping[str, str] | None = None
    modules: dict[str, Module | None] = field(default_factory=dict)
    files: dict[str, None] = field(default_factory=dict)
    pc: Taint = CLEAN
    """What the execution of the present statement depends on."""
    inner: Taint = CLEAN
    """What the innermost condition around it depends on."""
    handlers: list[Any] = field(default_factory=list)
    calls: list[tuple[ast.AST, Module]] = field(default_factory=list)
    at: tuple[ast.AST, Module] | None = None
    reads: list[Read] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    raises: Problem | None = None
    required: set[str] = field(default_factory=set)
    wanted: set[str] = field(default_factory=set)
    """Missing variables for which the evaluation must begin again."""
    trial: int = 0
    """Conditions around this statement that cannot be told."""
    steps: int = 0
    budget: int = STEPS
    state: dict[str, Any] = field(default_factory=dict)
    """What models of libraries keep, by the library's name."""

    def value(self, node: ast.expr, scope: Scope) -> Value:
        """Evaluate an expression."""
        self.step()
        handler = EXPRESSIONS.get(type(node))
        if handler is None:
            return unknown(f"{type(node).__name__} is not evaluated")
        return handler(self, node, scope)

    def run(self, statements: Sequence[ast.stmt], scope: Scope) -> None:
        """Execute statements one after the other."""
        for statement in statements:
            self.at = (statement, scope.module)
            if scope.function:
                self.execute(statement, scope)
            else:
                self.resume(statement, scope)

    def execute(self, statement: ast.stmt, scope: Scope) -> None:
        """Execute one statement."""
        self.step()
        handler = STATEMENTS.get(type(statement))
        if handler is None:
            self._skip(statement, scope, f"{type(statement).__name__} is not evaluated")
        else:
            handler(self, statement, scope)

    def resume(self, statement: ast.stmt, scope: Scope) -> None:
        """Execute a statement of a module; when it fails, note why and go on after it."""
        for _ in range(20):
            try:
                self.execute(statement, scope)
            except Raised as raised:
                if self.trial or self.catches(raised.error) is not None:
                    raise
                if self._again(statement, raised):
                    continue
                self._skip(statement, scope, raised.text)
            except SIGNALS:
                raise
            except Exception as error:
                reason = REASONS.get(type(error), "cannot be evaluated here")
                self.problem(reason, self.locate(statement, scope.module))
                self._skip(statement, scope, reason, everything=True)
            return

    def _again(self, statement: ast.stmt, raised: Raised) -> bool:
        """Note a failure; True when the statement can run with a missing variable assumed."""
        missing = raised.missing or frozenset(
            name for name in (self.inner or raised.taint) if name not in self.environ
        )
        self.fails(raised, missing)
        fresh = missing - self.assumed
        self.assumed |= fresh
        if fresh and (isinstance(statement, ast.Raise) or not raised.missing):
            self.wanted |= fresh
            return False
        return bool(fresh)

    def _skip(
        self, statement: ast.stmt, scope: Scope, reason: str, everything: bool = False
    ) -> None:
        simple = isinstance(statement, ast.Assign | ast.AnnAssign | ast.AugAssign)
        for name in assigned([statement]):
            if everything or simple or name not in scope.names:
                self.bind(scope, name, unknown(reason), statement)

    def step(self) -> None:
        self.steps += 1
        if self.steps > self.budget:
            raise Exhausted

    def call(
        self,
        function: Value,
        arguments: Sequence[Value] = (),
        keywords: Mapping[str, Value] | None = None,
    ) -> Value:
        """Call a value from a library's model, where no call stands in the text."""
        node, module = self.at or (ast.Pass(), Module("", ""))
        scope = Scope(module, module.names)
        return self.caller(Call(self, function, list(arguments), dict(keywords or {}), node, scope))

    def module(self, name: str, run: bool = True) -> Module | None:
        """Return a module of the user's, evaluated; None where it is not theirs."""
        return self.importer.load(self, name, run)

    def installed(self, name: str) -> bool | None:
        """Tell whether a module can be imported; None where that is not certain."""
        return self.importer.installed(self, name)

    def depends_on(self, package: str) -> bool:
        """Tell whether the project's dependencies name a package (PEP 503 name)."""
        return mentioned(self.tree, self.packages, package)

    def version(self, package: str) -> tuple[int, ...] | None:
        """Return the version of a package that is pinned or locked, None where it is free."""
        return version(self.tree, self.packages, package)

    def locate(self, node: ast.AST, module: Module) -> Location:
        """Return where a node stands."""
        return Location(
            module.path, getattr(node, "lineno", 0), getattr(node, "col_offset", -1) + 1
        )

    @property
    def here(self) -> Location:
        """Where the evaluation stands."""
        return self.locate(*self.at) if self.at else Location("")

    def bind(self, scope: Scope, name: str, value: Value, node: ast.AST | None = None) -> None:
        """Assign a name."""
        value = value.tainted(self.pc | scope.taint)
        if name in scope.elsewhere:
            scope = scope.elsewhere[name] or Scope(scope.module, scope.module.names)
        scope.names[name] = value
        if node is not None and scope.names is scope.module.names:
            scope.module.locations[name] = self.locate(node, scope.module)

    def problem(self, message: str, location: Location | None = None) -> None:
        found = Problem(location or self.here, message)
        if found not in self.problems and len(self.problems) < 200:
            self.problems.append(found)

    @contextmanager
    def depending(self, taint: Taint) -> Iterator[None]:
        """Everything executed inside depends on ``taint``."""
        before, inner = self.pc, self.inner
        self.pc = before | taint
        self.inner = taint or inner
        try:
            yield
        finally:
            self.pc, self.inner = before, inner

    def catches(self, error: BaseException) -> Any:
        """Return the innermost handler being active that would catch ``error``, or None."""
        for handlers in reversed(self.handlers):
            for handler in handlers:
                if handler.matches(error):
                    return handler
        return None

    def missing(self, name: str, error: BaseException) -> Value:
        """A required variable is not set: raise ``error`` where the user's code catches it.

        Else note that importing the settings fails, and go on with an unknown value.
        """
        handler = self.catches(error)
        taint = frozenset({name})
        if handler is not None:
            raise Raised(error, taint, taint, self.here)
        self.fails(Raised(error, taint, taint, self.here), taint)
        return unknown(f"needs {name}", taint)

    def fails(self, raised: Raised, missing: Taint = CLEAN) -> None:
        """Note that importing the settings ends here, for want of ``missing`` if it is given."""
        if self.trial:
            return
        self.required |= missing
        if self.raises is None:
            self.raises = Problem(raised.location or self.here, raised.text)


@dataclass
class Call:
    """A call with its arguments evaluated."""

    machine: Machine
    function: Value
    arguments: list[Value]
    keywords: dict[str, Value]
    node: ast.AST
    scope: Scope
    rest: Unknown | None = None
    """Set when ``*args`` or ``**kwargs`` are unknown."""

    def argument(self, position: int, name: str, default: Any = None) -> Value | Any:
        """Return an argument by position or by name."""
        if position >= 0 and position < len(self.arguments):
            return self.arguments[position]
        return self.keywords.get(name, default)

    @property
    def taint(self) -> Taint:
        values = (*self.arguments, *self.keywords.values())
        return frozenset[str]().union(*(value.taint for value in values))


Expression = Callable[[Machine, Any, Scope], Value]
EXPRESSIONS: dict[type[ast.AST], Expression] = {}
Statement = Callable[[Machine, Any, Scope], None]
STATEMENTS: dict[type[ast.AST], Statement] = {}


def expression(*kinds: type[ast.AST]) -> Callable[[Expression], Expression]:
    """Register the meaning of one kind of expression."""

    def register(function: Expression) -> Expression:
        for kind in kinds:
            EXPRESSIONS[kind] = function
        return function

    return register


def statement(*kinds: type[ast.AST]) -> Callable[[Statement], Statement]:
    """Register the meaning of one kind of statement."""

    def register(function: Statement) -> Statement:
        for kind in kinds:
            STATEMENTS[kind] = function
        return function

    return register


LIBRARY: dict[str, Any] = {}
"""What a dotted name of a library is: a Value, a Native or a plain object."""


def library(name: str) -> Callable[[Callable[[Call], Value]], Callable[[Call], Value]]:
    """Register the model of a library's function under its dotted name."""

    def register(function: Callable[[Call], Value]) -> Callable[[Call], Value]:
        LIBRARY[name] = Value(Native(name, function))
        return function

    return register
