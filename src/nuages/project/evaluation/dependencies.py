"""Which packages the project depends on, where the caller does not say: a look at the files."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from nuages.project.tree import Tree

FILES = re.compile(
    r"(?:requirements[^/]*\.(?:txt|in)|requirements/[^/]+\.(?:txt|in)|pyproject\.toml|Pipfile(?:\.lock)?"
    r"|setup\.(?:py|cfg)|(?:uv|poetry|pdm)\.lock)$"
)


def mentioned(tree: Tree, packages: Mapping[str, str] | None, package: str) -> bool:
    """Tell whether the dependencies name a package (its PEP 503 name)."""
    if packages is not None:
        return package in packages
    return any(_word(package).search(text) for text in _texts(tree))


def version(tree: Tree, packages: Mapping[str, str] | None, package: str) -> tuple[int, ...] | None:
    """Return the version of a package that is pinned or locked, None where it is free."""
    if packages is not None:
        match = re.match(r"(?:===?|~=|\^|~)\s*(\d[\d.]*)", packages.get(package, "").strip())
        return numbers(match[1]) if match else None
    for text in _texts(tree):
        match = _pinned(package).search(text)
        if match:
            return numbers(match[1] or match[2] or match[3])
    return None


def numbers(text: str) -> tuple[int, ...]:
    """Return a version's numbers, to compare."""
    return tuple(int(part) for part in text.split(".") if part.isdigit())


def _texts(tree: Tree) -> list[str]:
    found = [path for path in tree.files if path.count("/") < 3 and FILES.search(path)]
    return [tree.read(path) or "" for path in sorted(found, key=lambda path: ".lock" not in path)]


@lru_cache
def _word(package: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-]){_spelt(package)}(?![\w-])", re.IGNORECASE)


@lru_cache
def _pinned(package: str) -> re.Pattern[str]:
    name = _spelt(package)
    return re.compile(
        rf"(?<![\w-]){name}(?:\[[^\]]*\])?\s*==\s*(\d[\d.]*)"
        rf"|name = \"{name}\"\s+version = \"(\d[\d.]*)"
        rf"|\"{name}\": \{{[^}}]*?\"version\": \"==(\d[\d.]*)",
        re.IGNORECASE,
    )


def _spelt(package: str) -> str:
    return re.escape(package).replace(r"\-", "[-_.]")
