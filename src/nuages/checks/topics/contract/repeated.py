"""Variables that are read in several places."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import combinations

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.topics.contract.lookups import around
from nuages.project.evaluation.reads import StaticRead, static_reads
from nuages.project.python_source import last_name

_FALSE = frozenset({"false", "0", "", "no", "off", "f", "n"})
_TRUE = frozenset({"true", "1", "yes", "on", "t", "y"})


@rule(
    "CON012",
    severity="warning",
    title="A variable has two defaults",
    why="Where nobody sets it, one half of the code takes the one value and the other half the "
    "other: the web process and the worker talk to different brokers.",
    symptom="Tasks that are sent and never run; a limit that holds in one place.",
    fix="Read it once, in the settings, and take `settings.…` everywhere else.",
    url="https://12factor.net/config",
    mistake={
        "settings.py": "PAGE_SIZE = env.int('PAGE_SIZE', default=20)\n"
        "LIMIT = env.int('PAGE_SIZE', default=50)"
    },
    fixed={
        "settings.py": "PAGE_SIZE = env.int('PAGE_SIZE', default=20)\nLIMIT = PAGE_SIZE",
    },
)
def two_defaults(production: Production) -> Faults:
    by_name: dict[str, list[StaticRead]] = {}
    for read in _reads(production):
        by_name.setdefault(read.name, []).append(read)
    for name, reads in by_name.items():
        for first, second in combinations(reads, 2):
            if _differ(first, second) and not _is_chosen(production, first, second):
                message = (
                    f"{name} is {second.default!r} here where it is not set, and "
                    f"{first.default!r} at {first.location}"
                )
                yield Fault(message, second.location)
                break


def _reads(production: Production) -> Iterator[StaticRead]:
    """Lookups with a default, in the settings and in the entry points."""
    settings = [file.path for file in production.settings_files]
    beside = {v.reads[0].path for v in production.project.elsewhere if v.reads}
    paths = [*settings, *sorted(beside - set(settings))]
    return (read for read in static_reads(production.tree, paths) if read.default is not None)


def _differ(first: StaticRead, second: StaticRead) -> bool:
    if "bool" in {first.cast, second.cast}:
        return _truth(first) != _truth(second)
    # Nothing as a default often says "only where it is set".
    return first.default != second.default and bool(first.default) and bool(second.default)


def _truth(read: StaticRead) -> str:
    text = (read.default or "").lower()
    return "no" if text in _FALSE else "yes" if text in _TRUE else text


def _is_chosen(production: Production, first: StaticRead, second: StaticRead) -> bool:
    """Whether only one of the two is in force: in a branch, or overruled further down."""
    names = [_target(production, read) for read in (first, second)]
    return "" in names or names[0] == names[1]


def _target(production: Production, read: StaticRead) -> str:
    """What the lookup is assigned to as it stands in a module's body; else nothing."""
    file = production.python(read.location.path)
    for call in file.nodes(ast.Call):
        if file.at(call) != read.location or not call.args:
            continue
        target = ""
        for outer in around(file, call):
            if isinstance(outer, ast.Assign):
                target = ast.unparse(outer.targets[0])
            elif isinstance(outer, ast.If | ast.Try | ast.FunctionDef | ast.IfExp | ast.BoolOp):
                return ""
        return target or last_name(call.func)
    return ""
