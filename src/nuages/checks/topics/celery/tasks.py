"""Tasks, and the places that queue them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from nuages.checks.production import Production
from nuages.checks.sources.classes import Function
from nuages.checks.sources.python_file import PythonFile
from nuages.project.python_source import keyword, last_name, literal
from nuages.text import Location

QUEUE = ("delay", "apply_async")
ON_COMMIT = ("delay_on_commit", "apply_async_on_commit")


@dataclass(frozen=True)
class Task:
    """A function that a worker runs."""

    function: Function
    decorator: ast.expr
    file: PythonFile

    @property
    def name(self) -> str:
        return self.function.name

    @property
    def location(self) -> Location:
        return self.file.at(self.function)

    @property
    def shared(self) -> bool:
        """``@shared_task``: bound to whichever application is current."""
        call = self.decorator
        return last_name(call.func if isinstance(call, ast.Call) else call) == "shared_task"

    def option(self, name: str) -> ast.expr | None:
        """An option of its decorator."""
        return keyword(self.decorator, name) if isinstance(self.decorator, ast.Call) else None

    @cached_property
    def text(self) -> str:
        """Its body, comments left out."""
        return "\n".join(ast.unparse(statement) for statement in self.function.body)


def tasks(production: Production) -> Iterator[Task]:
    """The tasks of the project's own files."""
    for file in production.mentioning("shared_task", ".task"):
        functions: list[Function] = [
            *file.nodes(ast.FunctionDef),
            *file.nodes(ast.AsyncFunctionDef),
        ]
        for function in functions:
            for decorator in function.decorator_list:
                if _makes_task(file, decorator):
                    yield Task(function, decorator, file)


def _makes_task(file: PythonFile, decorator: ast.expr) -> bool:
    call = decorator.func if isinstance(decorator, ast.Call) else decorator
    if last_name(call) == "shared_task":
        return "celery" in file.meaning(call) or "celery" in file.text
    app = isinstance(call, ast.Attribute) and call.attr == "task" and last_name(call.value)
    return bool(app) and "celery" in file.text.lower()


@dataclass(frozen=True)
class Queued:
    """``remind.delay(pk)``"""

    call: ast.Call
    task: str
    how: str
    """``delay``, ``apply_async``…"""
    file: PythonFile

    @property
    def location(self) -> Location:
        return self.file.at(self.call)

    @property
    def arguments(self) -> list[ast.expr]:
        """What the task is given."""
        call = self.call
        if self.how.startswith("delay"):
            return [*call.args, *(k.value for k in call.keywords)]
        args = keyword(call, "args") or (call.args[0] if call.args else None)
        kwargs = keyword(call, "kwargs") or (call.args[1] if len(call.args) > 1 else None)
        found = list(args.elts) if isinstance(args, ast.List | ast.Tuple) else []
        return found + (list(kwargs.values) if isinstance(kwargs, ast.Dict) else [])

    def seconds(self, name: str) -> float | None:
        """``countdown=3600``, or ``eta=now() + timedelta(…)``, in seconds."""
        return seconds(keyword(self.call, name))


def queued(production: Production) -> Iterator[Queued]:
    """Every call that hands one of the tasks to the queue."""
    names = {task.name for task in tasks(production)}
    for file in production.mentioning("delay", "apply_async") if names else ():
        for call in file.calls(*QUEUE, *ON_COMMIT):
            owner = call.func.value if isinstance(call.func, ast.Attribute) else None
            task = last_name(owner) if owner is not None else ""
            if task in names and isinstance(call.func, ast.Attribute):
                yield Queued(call, task, call.func.attr, file)


_UNITS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86_400, "weeks": 604_800}


def seconds(node: ast.expr | None) -> float | None:
    """A number, a product of numbers, or a ``timedelta`` in an expression; else None."""
    if node is None:
        return None
    for call in (n for n in ast.walk(node) if isinstance(n, ast.Call)):
        if last_name(call.func) == "timedelta":
            parts = [(k.arg or "", number(k.value)) for k in call.keywords]
            known = [(unit, n) for unit, n in parts if unit in _UNITS and n is not None]
            return sum(_UNITS[unit] * n for unit, n in known) if known else None
    return number(node)


def number(node: ast.expr) -> float | None:
    """A literal number, or a product of such."""
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return None if isinstance(node.value, bool) else float(node.value)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        left, right = number(node.left), number(node.right)
        return None if left is None or right is None else left * right
    return None


def registered(production: Production) -> set[str]:
    """The names under which workers know the tasks, as far as they are the project's own."""
    found = set()
    for task in tasks(production):
        module = production.sources.module(task.file.path)
        said = task.option("name")
        found.add(literal(said) or f"{module}.{task.name}")
    return found
