"""Lock files: each package's version, and what it brings along.

Read by regular expressions, not as TOML: a lock file has thousands of hashes that nobody asks
for, and its layout is made by a program. Formats: uv.lock, poetry.lock, pdm.lock, pylock.toml
(https://packaging.python.org/en/latest/specifications/pylock-toml/) and Pipfile.lock.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from packaging.utils import canonicalize_name

from nuages.project.requirements import Requirement
from nuages.text import Location

_BLOCK = re.compile(r"^\[\[packages?\]\]\s*$", re.MULTILINE)
_NAME = re.compile(r"^name = \"([^\"]+)\"", re.MULTILINE)
_VERSION = re.compile(r"^version = \"([^\"]+)\"", re.MULTILINE)
_GIT = re.compile(
    r"source = \{ git = \"([^\"]+)\"|^git = \"([^\"]+)\"|type = \"git\"\nurl = \"([^\"]+)\"", re.M
)
_ARRAY = re.compile(r"^dependencies = \[(.*?)^\]", re.MULTILINE | re.DOTALL)
_SHORT_ARRAY = re.compile(r"^dependencies = \[(.*)\]$", re.MULTILINE)
_ITEM = re.compile(r"\{ name = \"([^\"]+)\"(?:[^{}]*?extra = \[([^\]]*)\])?")
_PDM_ITEM = re.compile(r"\"([A-Za-z0-9][\w.-]*)(?:\[([^\]]*)\])?[^\"]*\"")
_TABLE = re.compile(r"^\[package\.dependencies\]\n(.*?)(?=^\[|\Z)", re.MULTILINE | re.DOTALL)
_TABLE_ITEM = re.compile(r"^\"?([A-Za-z0-9][\w.-]*)\"? = (.*)$", re.MULTILINE)
_OPTIONAL = re.compile(
    r"^\[package\.(?:optional-dependencies|extras)\]\n(.*?)(?=^\[(?!\")|\Z)",
    re.MULTILINE | re.DOTALL,
)
_EXTRA = re.compile(r"^([\w.-]+) = \[(.*?)\]$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Locked:
    """One package of a lock file."""

    name: str
    version: str
    location: Location
    git: str = ""
    needs: tuple[tuple[str, frozenset[str]], ...] = ()
    """Names and extras of what it depends on."""
    optional: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Extra → what it adds."""


@dataclass(frozen=True)
class Lock:
    """A lock file by normalised name."""

    path: str
    packages: Mapping[str, Locked]

    def closure(self, asked: Iterable[Requirement]) -> dict[str, Locked]:
        """What is installed for these requirements, dependencies of dependencies included."""
        found: dict[str, Locked] = {}
        done: set[tuple[str, frozenset[str]]] = set()
        todo = [(each.name, each.extras) for each in asked]
        while todo:
            name, extras = todo.pop()
            package = self.packages.get(name)
            if package is None or (name, extras) in done:
                continue
            done.add((name, extras))
            found[name] = package
            todo += package.needs
            todo += [(n, frozenset()) for e in extras for n in package.optional.get(e, ())]
        return found


def lock(path: str, text: str) -> Lock:
    """Read any lock file; what cannot be read is left out, and nothing is raised."""
    if path.endswith("Pipfile.lock"):
        return Lock(path, {each.name: each for each in _pipenv(path, text)})
    return Lock(path, {each.name: each for each in _blocks(path, text)})


def _blocks(path: str, text: str) -> Iterator[Locked]:
    starts = [match.start() for match in _BLOCK.finditer(text)]
    line, last = 1, 0
    for start, end in pairwise([*starts, len(text)]):
        line, last = line + text.count("\n", last, start), start
        block = text[start:end]
        name, version = _NAME.search(block), _VERSION.search(block)
        if name:
            yield Locked(
                str(canonicalize_name(name[1])),
                version[1] if version else "",
                Location(path, line + 1),
                _git(block),
                tuple(_needs(block)),
                dict(_extras(block)),
            )


def _git(block: str) -> str:
    match = _GIT.search(block)
    return next((group for group in match.groups() if group), "") if match else ""


def _needs(block: str) -> Iterator[tuple[str, frozenset[str]]]:
    head = block.partition("\n[package.")[0]
    if array := _ARRAY.search(head) or _SHORT_ARRAY.search(head):
        pattern = _ITEM if "{ name" in array[1] else _PDM_ITEM
        for match in pattern.finditer(array[1]):
            yield str(canonicalize_name(match[1])), _names(match[2])
    if table := _TABLE.search(block):
        for match in _TABLE_ITEM.finditer(table[1]):
            if "optional = true" not in match[2]:
                extras = re.search(r"extras = \[([^\]]*)\]", match[2])
                yield str(canonicalize_name(match[1])), _names(extras[1] if extras else None)


def _names(quoted: str | None) -> frozenset[str]:
    return frozenset(re.findall(r"[\w.-]+", quoted or ""))


def _extras(block: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    if table := _OPTIONAL.search(block):
        for match in _EXTRA.finditer(table[1]):
            pattern = _ITEM if "{ name" in match[2] else _PDM_ITEM
            names = (str(canonicalize_name(item[1])) for item in pattern.finditer(match[2]))
            yield match[1], tuple(names)


def _pipenv(path: str, text: str) -> Iterator[Locked]:
    try:
        data = json.loads(text)
        packages = data["default"]
        entries = [(str(k), v) for k, v in packages.items() if isinstance(v, dict)]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return
    for name, entry in entries:
        position = max(text.find(f'"{name}": {{'), 0)
        version = str(entry.get("version", "")).removeprefix("==")
        line = text.count("\n", 0, position) + 1
        git = str(entry.get("git", ""))
        yield Locked(str(canonicalize_name(name)), version, Location(path, line), git)
