"""Which Python to run: what the project says, what its Django runs on, what parses it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from nuages.project.declared import Declared
from nuages.project.facts import Dependencies, Evidence, Fact, Problem
from nuages.project.hints import deployment_files
from nuages.project.python_source import ancestors, at, joined
from nuages.project.python_support import (
    OBTAINABLE,
    Minor,
    django_range,
    django_series,
    newest_wheel,
)
from nuages.project.tree import Tree
from nuages.text import Location

_MINOR = r"(3\.\d{1,2})(?:\.\d+)?"
_STATED: tuple[tuple[str, str], ...] = (
    (".python-version", rf"^\s*(?:cpython-|python-?)?{_MINOR}"),
    ("runtime.txt", rf"^\s*python-{_MINOR}"),
    (".tool-versions", rf"^\s*python\s+{_MINOR}"),
    ("mise.toml", rf"^\s*python\s*=\s*\"{_MINOR}"),
    (".mise.toml", rf"^\s*python\s*=\s*\"{_MINOR}"),
    ("render.yaml", rf"PYTHON_VERSION\s*\n\s*value:\s*[\"']?{_MINOR}"),
    ("environment.yml", rf"^\s*-\s*python\s*=+\s*{_MINOR}"),
)
_IMAGE = re.compile(
    rf"^\s*FROM\s+(?:--platform=\S+\s+)?\S*\bpython:{_MINOR}(?![\d.])"
    rf"|^\s*FROM\s+\S*\buv:python{_MINOR}|\bPYTHON_VERSION[=:-]+[\"']?{_MINOR}",
    re.MULTILINE | re.IGNORECASE,
)
_WORKFLOW = re.compile(r"python[-_]version[s]?[\"']?:\s*(.*(?:\n\s*-\s*[\"']?3\.\d+.*)*)")
_TOX = re.compile(r"^\s*env_?list\s*=(.*(?:\n\s+.*)*)", re.MULTILINE)
_ONE = re.compile(r"(?<![\d.])3\.(\d{1,2})(?!\d)|py(?:\{[^}]*)?3(\d{1,2})")
_DEFAULT: Minor = (3, 13)
"""What a project that says nothing gets, where everything in it allows that."""


@dataclass(frozen=True)
class Pythons:
    """The answer, and the constraint on it."""

    chosen: Fact[str]
    requires: Fact[str] | None
    problems: tuple[Problem, ...] = ()


def pythons(
    tree: Tree,
    directory: str,
    dependencies: Dependencies,
    declared: Declared | None,
    syntax: Fact[str] | None,
) -> Pythons:
    """The newest sensible Python that all evidence allows, or the one that the project names."""
    requires = _requires(declared)
    allowed = _Allowed(dependencies, requires, syntax)
    problems: list[Problem] = []
    for stated in _stated(tree, directory):
        wanted = _minor(stated.value)
        if allowed.by_constraints(wanted):
            if wanted >= OBTAINABLE[0]:
                return Pythons(stated, requires, tuple(problems))
            return Pythons(_obtainable(stated, allowed), requires, tuple(problems))
        where = stated.evidence[0].location
        problems.append(Problem(where, f"Python {stated.value}, but {allowed.why_not(wanted)}"))
    return Pythons(_newest(tree, directory, allowed), requires, tuple(problems))


def _minor(text: str) -> Minor:
    major, minor = text.split(".")[:2]
    return int(major), int(minor)


def _text(version: Minor) -> str:
    return f"{version[0]}.{version[1]}"


def _requires(declared: Declared | None) -> Fact[str] | None:
    if declared is None or not declared.python:
        return None
    where = Location(declared.path, declared.python_line)
    return Fact(declared.python, (Evidence(where, f"asks for Python {declared.python}"),))


def _stated(tree: Tree, directory: str) -> Iterator[Fact[str]]:
    """Versions that a file of the project names, the most binding first."""
    for name, pattern in _STATED:
        for folder in ancestors(directory):
            path = joined(folder, name)
            text = tree.read(path) or ""
            if match := re.search(pattern, text, re.MULTILINE):
                yield Fact(match[1], (at(path, text, match.start(1), f"names {match[1]}"),))
    for path in deployment_files(tree, directory):
        if "ockerfile" not in path:
            continue
        text = tree.read(path) or ""
        if match := _IMAGE.search(text):
            version = next(group for group in match.groups() if group)
            line = text[match.start() :].lstrip("\n").partition("\n")[0]
            yield Fact(version, (at(path, text, match.end() - 1, line.strip()),))


class _Allowed:
    """Which Pythons the constraints, Django, the syntax and the pins allow."""

    def __init__(
        self, dependencies: Dependencies, requires: Fact[str] | None, syntax: Fact[str] | None
    ):
        self.requires = requires
        self.syntax = syntax
        self.specifier = dependencies.packages.get("django", "")
        self.known = "django" in dependencies.packages
        self.series = django_series(self.specifier) if self.known else []
        self.where = dependencies.locations.get("django")
        self.pins = {
            name: (specifier[2:], dependencies.locations[name])
            for name, specifier in dependencies.packages.items()
            if specifier.startswith("==") and "*" not in specifier
        }

    def by_requires(self, version: Minor) -> bool:
        if self.requires is None:
            return True
        try:
            wanted = SpecifierSet(self.requires.value)
        except InvalidSpecifier:
            return True
        return any(wanted.contains(f"{_text(version)}.{patch}") for patch in range(30))

    def by_django(self, version: Minor) -> bool:
        ranges = [r for series in self.series if (r := django_range(series))]
        return not ranges or any(low <= version <= high for low, _, high in ranges)

    def by_syntax(self, version: Minor) -> bool:
        return self.syntax is None or version >= _minor(self.syntax.value)

    def by_constraints(self, version: Minor) -> bool:
        return self.by_requires(version) and self.by_django(version) and self.by_syntax(version)

    def why_not(self, version: Minor) -> str:
        if not self.by_requires(version) and self.requires:
            return f"the project asks for {self.requires.value}"
        if not self.by_syntax(version) and self.syntax:
            return f"{self.syntax.evidence[0].location} needs {self.syntax.value}"
        return f"Django {self.specifier} does not run on it"

    def made_for(self, version: Minor) -> bool:
        """Whether pinned versions are from a time that knew this Python."""
        if self.specifier.startswith("==") and self.series:
            found = django_range(self.series[0])
            if found and version > found[1]:
                return False
        return all(version <= limit for limit, _ in self.wheels())

    def wheels(self) -> list[tuple[Minor, Evidence]]:
        return [
            (limit, Evidence(where, f"{name} {version} has wheels to {_text(limit)}"))
            for name, (version, where) in self.pins.items()
            if (limit := newest_wheel(name, version))
        ]


def _obtainable(stated: Fact[str], allowed: _Allowed) -> Fact[str]:
    oldest = next((v for v in OBTAINABLE if allowed.by_constraints(v)), OBTAINABLE[0])
    note = f"{stated.value} is named here; {_text(oldest)} is the nearest that is still offered"
    return Fact(_text(oldest), (Evidence(stated.evidence[0].location, note),))


def _newest(tree: Tree, directory: str, allowed: _Allowed) -> Fact[str]:
    tested = _tested(tree, directory)
    limit = _minor(tested.value) if tested else _DEFAULT
    fitting = [v for v in OBTAINABLE if allowed.by_constraints(v)]
    sensible = [v for v in fitting if v <= max(limit, _DEFAULT) and allowed.made_for(v)]
    if tested:
        sensible = [v for v in sensible if v <= limit] or sensible
    chosen = max(sensible) if sensible else min(fitting) if fitting else _DEFAULT
    return Fact(_text(chosen), tuple(_reasons(allowed, tested, chosen)))


def _reasons(allowed: _Allowed, tested: Fact[str] | None, chosen: Minor) -> Iterator[Evidence]:
    if tested:
        yield tested.evidence[0]
    if allowed.requires:
        yield allowed.requires.evidence[0]
    if allowed.syntax:
        yield allowed.syntax.evidence[0]
    if allowed.where and allowed.series:
        found = django_range(allowed.series[0])
        if found:
            note = f"Django {allowed.series[0]} runs on {_text(found[0])} to {_text(found[2])}"
            yield Evidence(allowed.where, note)
    for limit, evidence in allowed.wheels():
        if limit == chosen:
            yield evidence


def _tested(tree: Tree, directory: str) -> Fact[str] | None:
    """The newest Python that continuous integration or tox runs."""
    found: list[tuple[Minor, Evidence]] = []
    for path in tree.files:
        workflow = path.startswith(".github/workflows/") and path.endswith((".yml", ".yaml"))
        if workflow:
            found += _versions_in(tree, path, _WORKFLOW)
    for folder in ancestors(directory):
        if joined(folder, "tox.ini") in tree:
            found += _versions_in(tree, joined(folder, "tox.ini"), _TOX)
    if not found:
        return None
    version, evidence = max(found, key=lambda item: item[0])
    return Fact(_text(version), (evidence,))


def _versions_in(
    tree: Tree, path: str, pattern: re.Pattern[str]
) -> Iterator[tuple[Minor, Evidence]]:
    text = tree.read(path) or ""
    for match in pattern.finditer(text):
        for version in re.finditer(
            r"(?<![\d.])3\.(\d{1,2})(?!\d)|py(?:\{[^}]*)?3(\d{1,2})", match[1]
        ):
            minor = (3, int(version[1] or version[2]))
            yield minor, at(path, text, match.start(1) + version.start(), f"tests {_text(minor)}")
