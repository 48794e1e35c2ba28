"""Whether the project starts OpenTelemetry by itself."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from nuages.project.facts import EntryPoint, Evidence, Fact, Problem
from nuages.project.python_source import first, parsed
from nuages.project.site import Site

_STARTS = re.compile(r"^\s*(?:from|import)\s+opentelemetry\b", re.M)


def telemetry(site: Site, *points: Fact[EntryPoint] | None) -> Evidence | None:
    """Where: in the entry points, in what they import of the project, or in the settings."""
    found = (first(site.tree, path, _STARTS) for path in _places(site, points))
    return next((evidence for evidence in found if evidence), None)


def _places(site: Site, points: tuple[Fact[EntryPoint] | None, ...]) -> Iterator[str]:
    for point in points:
        if point:
            yield point.value.path
            paths = (site.sources.path(module) for module in _imported(site, point.value.path))
            yield from (path for path in paths if path)
    yield from site.settings.files


def _imported(site: Site, path: str) -> Iterator[str]:
    """``from config import telemetry`` may mean a module of that name."""
    tree = parsed(site.tree.read(path) or "")
    for node in [] if isinstance(tree, Problem) else ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
