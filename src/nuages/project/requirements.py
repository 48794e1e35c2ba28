"""Requirements files as pip reads them.

The format: https://pip.pypa.io/en/stable/reference/requirements-file-format/
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from packaging.markers import Marker
from packaging.requirements import InvalidRequirement
from packaging.requirements import Requirement as Parsed
from packaging.utils import canonicalize_name

from nuages.project.facts import Problem
from nuages.project.python_source import joined, parent
from nuages.project.tree import Tree
from nuages.text import Location

_OPTION = re.compile(r"\s--(?:hash|config-settings?|global-option|install-option)\b.*")
_COMMENT = re.compile(r"(?:^|\s)#.*$")
_INCLUDE = re.compile(r"^(-r|--requirement|-c|--constraint)(?:\s*=\s*|\s+|(?=[^\s-]))(.+)$")
_EDITABLE = re.compile(r"^(?:-e|--editable)(?:\s*=\s*|\s+)(.+)$")
_URL = re.compile(r"^(?:(?:git|hg|svn|bzr)\+|https?://|file:|ssh://)")
_EGG = re.compile(r"[#&]egg=([A-Za-z0-9][\w.-]*)")
_WHEEL = re.compile(r"/([A-Za-z0-9][\w.]*)-(\d[\w.+!]*)(?:-[^/]*\.whl|\.tar\.gz|\.zip)")
_REPOSITORY = re.compile(r"/([\w.-]+?)(?:\.git)?(?:@[^/#]*)?(?:#.*)?$")


@dataclass(frozen=True)
class Requirement:
    """One thing to install: its normalised name, and what is asked of it."""

    name: str
    specifier: str
    location: Location
    extras: frozenset[str] = frozenset()
    marker: str = ""
    url: str = ""

    @property
    def git(self) -> bool:
        """Whether installing it needs git."""
        return self.url.startswith("git+")


_PIP_ALONE = re.compile(r"\s--(?!hash\b)[a-z]+(?:-[a-z]+)*\b")
"""An option of a single requirement: uv knows none but ``--hash``."""


@dataclass(frozen=True)
class RequirementsFile:
    """A requirements file with all that it includes."""

    requirements: tuple[Requirement, ...] = ()
    constraints: tuple[Requirement, ...] = ()
    files: tuple[str, ...] = ()
    """Every file read, this one first; local projects that it installs too."""
    problems: tuple[Problem, ...] = ()
    plain_pip: tuple[str, ...] = ()
    """Lines that uv refuses and pip takes."""

    @property
    def pinned(self) -> tuple[Requirement, ...]:
        """The requirements, those without a specifier taking their constraint's."""
        bound = {each.name: each.specifier for each in self.constraints}
        return tuple(
            replace(each, specifier=bound[each.name])
            if each.name in bound and not each.specifier and not each.url
            else each
            for each in self.requirements
        )


def read(tree: Tree, path: str) -> RequirementsFile:
    """A requirements file of the tree, ``-r`` and ``-c`` followed; it never raises."""
    return _read(tree, path, seen=set())


def _read(tree: Tree, path: str, seen: set[str]) -> RequirementsFile:
    seen.add(path)
    text = tree.read(path)
    if text is None:
        return RequirementsFile(problems=(Problem(Location(path), "is absent"),))
    asked: list[Requirement] = []
    bounds: list[Requirement] = []
    files = [path]
    problems: list[Problem] = []
    strict: list[str] = []
    for number, line in lines(text):
        where = Location(path, number)
        if include := _INCLUDE.match(line):
            other = joined_path(parent(path), include[2].strip().strip("'\""))
            if other in seen or _URL.match(other):
                continue
            if other not in tree:
                problems.append(Problem(where, f"{other} is absent"))
                continue
            inner = _read(tree, other, seen)
            constraint = include[1] in {"-c", "--constraint"}
            (bounds if constraint else asked).extend(inner.requirements)
            bounds += inner.constraints
            files += inner.files
            strict += inner.plain_pip
            problems += inner.problems
            continue
        if not line.startswith("-") and _PIP_ALONE.search(line):
            strict.append(line)
        found = requirement(line, where)
        if isinstance(found, Requirement):
            asked.append(found)
        elif isinstance(found, str):
            local = joined_path(parent(path), found.partition("[")[0])
            files += [f for f in (joined(local, n) for n in _BUILD_FILES) if f in tree]
        elif isinstance(found, Problem):
            problems.append(found)
    said = tuple(asked), tuple(bounds), tuple(files), tuple(problems), tuple(strict)
    return RequirementsFile(*said)


_BUILD_FILES = ("pyproject.toml", "setup.py", "setup.cfg")


def joined_path(folder: str, relative: str) -> str:
    """A relative path of the user's, normalised; it may lead out of the tree."""
    return posixpath.normpath(posixpath.join("" if folder == "." else folder, relative)) or "."


def lines(text: str) -> Iterator[tuple[int, str]]:
    """Logical lines with their number: continuations joined, comments and blanks gone."""
    held, start = "", 0
    for number, raw in enumerate(text.splitlines(), 1):
        start = start or number
        if raw.endswith("\\"):
            held += raw[:-1] + " "
            continue
        line = _COMMENT.sub("", held + raw).strip()
        if line:
            yield start, line
        held, start = "", 0
    if held.strip():
        yield start, _COMMENT.sub("", held).strip()


def requirement(line: str, where: Location) -> Requirement | Problem | str | None:
    """A line's requirement; the path of a local project; None for an option."""
    editable = _EDITABLE.match(line)
    asked = _OPTION.sub("", (editable[1] if editable else line)).strip()
    if asked[:1] in {'"', "'"} and asked.endswith(asked[0]):
        asked = asked[1:-1]
    if asked.startswith("-"):
        return None
    if _URL.match(asked):
        return _by_url(asked, where)
    if asked.startswith((".", "/")) or (editable and "@" not in asked):
        return asked
    try:
        return from_parsed(Parsed(asked), where)
    except (InvalidRequirement, ValueError) as error:
        return Problem(where, f"{line}: {str(error).partition(chr(10))[0]}")


def _by_url(url: str, where: Location) -> Requirement | Problem:
    target, _, marker = url.partition(" ;")
    if egg := _EGG.search(target):
        return Requirement(str(canonicalize_name(egg[1])), "", where, url=target, marker=marker)
    if wheel := _WHEEL.search(target):
        name, version = str(canonicalize_name(wheel[1])), f"=={wheel[2]}"
        return Requirement(name, version, where, url=target, marker=marker)
    if repository := _REPOSITORY.search(target):
        name = str(canonicalize_name(repository[1]))
        return Requirement(name, "", where, url=target, marker=marker)
    return Problem(where, f"{url}: the package that it holds is not named")


def from_parsed(parsed: Parsed, where: Location) -> Requirement:
    """A requirement as the packaging library reads it."""
    marker = str(parsed.marker) if parsed.marker else ""
    name = str(canonicalize_name(parsed.name))
    specifier = ordered(str(parsed.specifier))
    return Requirement(name, specifier, where, frozenset(parsed.extras), marker, parsed.url or "")


def ordered(specifier: str) -> str:
    """A specifier with its lower bound first, as people write it."""
    rank = {"=": 0, "~": 1, ">": 2, "<": 3, "!": 4}
    clauses = [clause.strip() for clause in specifier.split(",") if clause.strip()]
    return ",".join(sorted(clauses, key=lambda clause: (rank.get(clause[0], 5), clause)))


def applies(each: Requirement, python: str) -> bool:
    """Whether its marker holds on Linux under a Python such as ``3.12``."""
    if not each.marker:
        return True
    environment = {
        "python_version": python,
        "python_full_version": f"{python}.0",
        "sys_platform": "linux",
        "platform_system": "Linux",
        "os_name": "posix",
        "platform_machine": "x86_64",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
        "extra": "",
    }
    try:
        return Marker(each.marker).evaluate(environment)
    except Exception:  # a marker that packaging cannot read or compare: keep the requirement
        return True
