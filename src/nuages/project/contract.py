"""The settings contract: what steers a setting, and variables that other files read."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from typing import Any

from nuages.project.evaluation.reads import StaticRead, static_reads
from nuages.project.evaluation.source import parse
from nuages.project.facts import EvaluatedSettings, Variable
from nuages.project.settings import NO_ENVIRON, evaluate
from nuages.project.tree import Tree
from nuages.text import Location, looks_secret

FALSE = ("False", "0", "", "false", "off", "no", "production", "prod")
TRUE = ("True", "1", "true", "on", "yes")
TRIALS = 80
"""Evaluations that a search for steering values may cost."""


def steering(  # noqa: PLR0913 - what evaluate takes, and what is wanted
    tree: Tree,
    module: str,
    setting: str,
    wanted: Any,
    *,
    sources: tuple[str, ...] = (".",),
    environ: Mapping[str, str] = NO_ENVIRON,
    configuration: str | None = None,
    packages: Mapping[str, str] | None = None,
) -> Mapping[str, str] | None:
    """Return variables and texts that make a setting come out as ``wanted``.

    Empty when it does so already; None when nothing that was tried does it. An environment
    under which the import fails where it did not before is not an answer.
    """

    def evaluated(extra: Mapping[str, str]) -> EvaluatedSettings:
        return evaluate(
            tree,
            module,
            sources=sources,
            environ={**environ, **extra},
            configuration=configuration,
            packages=packages,
        )

    first = evaluated({})
    if _is(first, setting, wanted):
        return {}
    found = first.settings.get(setting)
    names = found.variables if found is not None else ()
    for count, extra in enumerate(_candidates(tree, first, names, wanted)):
        if count >= TRIALS:
            break
        result = evaluated(extra)
        fails = result.raises is not None and first.raises is None
        if _is(result, setting, wanted) and not fails:
            return extra
    return None


def _is(result: EvaluatedSettings, setting: str, wanted: Any) -> bool:
    found = result.settings.get(setting)
    if found is None or found.state == "unknown" or found.partial:
        return False
    return bool(found.value == wanted) and isinstance(found.value, bool) == isinstance(wanted, bool)


def _candidates(
    tree: Tree, first: EvaluatedSettings, names: tuple[str, ...], wanted: Any
) -> Iterator[dict[str, str]]:
    """Texts for each variable alone, then for two at once."""
    own = (FALSE if not wanted else TRUE) if isinstance(wanted, bool) else (str(wanted),)
    texts = tuple(dict.fromkeys([*own, *compared(tree, first.files)]))
    for name in sorted(names, key=lambda name: ("DEBUG" not in name, name)):
        yield from ({name: text} for text in texts)
    for pair in product(names, names):
        if pair[0] < pair[1]:
            yield from (dict(zip(pair, both, strict=True)) for both in product(own[:3], own[:3]))


def compared(tree: Tree, paths: Iterable[str]) -> list[str]:
    """Return the texts that files compare something with, or look up by: ``== "live"``."""
    found: list[str] = []
    for path in paths:
        if not path.endswith(".py"):
            continue
        for node in ast.walk(parse(tree.read(path) or "").tree):
            parts: list[ast.expr | None] = []
            if isinstance(node, ast.Compare):
                parts = [node.left, *node.comparators]
            elif isinstance(node, ast.MatchValue):
                parts = [node.value]
            for part in parts:
                inner = part.elts if isinstance(part, ast.Tuple | ast.List | ast.Set) else [part]
                found += [
                    c.value
                    for c in inner
                    if isinstance(c, ast.Constant) and isinstance(c.value, str)
                ]
    return [text for text in dict.fromkeys(found) if len(text) < 30][:20]


def read_elsewhere(tree: Tree, paths: Iterable[str]) -> tuple[Variable, ...]:
    """Return the variables that files outside the settings read, such as wsgi.py or celery.py.

    They are found in the text alone; ``required`` means that some lookup has no default,
    whether or not it is ever executed.
    """
    by_name: dict[str, list[StaticRead]] = {}
    for found in static_reads(tree, paths):
        by_name.setdefault(found.name, []).append(found)
    return tuple(_variable(name, reads) for name, reads in by_name.items())


def _variable(name: str, reads: list[StaticRead]) -> Variable:
    places: tuple[Location, ...] = tuple(dict.fromkeys(read.location for read in reads))
    default = next((read.default for read in reads if read.default is not None), None)
    return Variable(
        name=name,
        reads=places,
        required=any(read.hard for read in reads) and default is None,
        default=default,
        cast=next((read.cast for read in reads if read.cast), None),
        secret=looks_secret(name),
        build_time=False,
    )
