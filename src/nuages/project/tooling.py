"""How the project is tested and linted, by its own tools, and which of its files bring them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from nuages.project import requirement_files
from nuages.project.declared import Declared
from nuages.project.python_source import first, parent
from nuages.project.requirements import Requirement, read
from nuages.project.site import Site
from nuages.project.tools import Run, Tooling
from nuages.text import Location

_LINTERS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("ruff", ("ruff", "check", ".")),
    ("black", ("black", "--check", ".")),
    ("isort", ("isort", "--check-only", ".")),
    ("flake8", ("flake8",)),
)
_HOOKS = ".pre-commit-config.yaml"
_RUNNERS = ("pytest-django", "pytest", "tox")
_TOOLS = frozenset({*_RUNNERS, *(name for name, _ in _LINTERS)})
_PYTEST = re.compile(r"^\[(?:tool\.pytest\.ini_options|tool\.pytest|tool:pytest|pytest)\]", re.M)
_TOX = re.compile(r"^\[(?:tox|testenv|tool\.tox)\b", re.M)
_CASES = re.compile(r"^\s+def test_?\w*\(|^(?:async )?def test_\w+\(", re.M)
_FILE = re.compile(r"(?:^|/)(?:tests?|test_\w+|\w+_tests?)\.py$")
_FORMATS = re.compile(r"ruff[\"', -]+format|^\[tool\.ruff\.format\]", re.M)
_DEVELOPMENT = re.compile(
    r"(?:^|[/._-])(?:dev\w*|local|tests?|testing|ci|lint|qa|tools?)(?=[/._-]|$)"
)


@dataclass(frozen=True)
class _Brought:
    """The tools that are declared, and where besides what production installs."""

    tools: dict[str, Location]
    files: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    extras: tuple[str, ...] = ()


def tooling(site: Site, declared: Declared | None) -> Tooling:
    """The project's own tests and linters; a linter only where the project declares it."""
    brought = _brought(site, declared)
    linters = tuple(_linters(site, brought.tools))
    return Tooling(_tests(site, brought), linters, brought.files, brought.groups, brought.extras)


def _tests(site: Site, brought: _Brought) -> Run | None:
    tools = brought.tools
    pytest = next(_configured(site, _PYTEST, "pytest.ini", ".pytest.ini"), None)
    if "pytest-django" in tools or ("pytest" in tools and pytest):
        folder = parent(pytest.path) if pytest else site.manage_dir
        return Run(("pytest",), folder, pytest or tools["pytest-django"])
    cases = next(_cases(site), None)
    if cases:
        return Run(("python", "manage.py", "test"), site.manage_dir, cases)
    return next(_others(site), None)


def _others(site: Site) -> Iterator[Run]:
    """What wraps the tests, where they are not found themselves."""
    for found in _configured(site, _TOX, "tox.ini"):
        yield Run(("tox",), parent(found.path), found)
    for path, _ in site.near("Makefile"):
        target = first(site.tree, path, re.compile(r"^tests?:(?!=)", re.M))
        if target:
            argv = ("make", target.note.partition(":")[0])
            yield Run(argv, parent(path), target.location)


def _configured(site: Site, section: re.Pattern[str], *own: str) -> Iterator[Location]:
    """Where a tool is configured: a section, or a file that is its own."""
    for path, _ in site.near(*own, "pyproject.toml", "tox.ini", "setup.cfg"):
        found = first(site.tree, path, section)
        if found:
            yield found.location


def _cases(site: Site) -> Iterator[Location]:
    for path in site.sources.own:
        found = first(site.tree, path, _CASES) if _FILE.search(path) else None
        if found:
            yield found.location


def _linters(site: Site, tools: Mapping[str, Location]) -> Iterator[Run]:
    folder = site.dependencies.directory
    for name, argv in _LINTERS:
        if name in tools:
            yield Run(argv, folder, tools[name])
    formats = next(_mentions(site, _FORMATS), None) if "ruff" in tools else None
    if formats:
        yield Run(("ruff", "format", "--check", "."), folder, formats)
    if not _TOOLS & set(tools) - set(_RUNNERS) and _HOOKS in site.tree:
        yield Run(("pre-commit", "run", "--all-files"), ".", Location(_HOOKS))


def _mentions(site: Site, pattern: re.Pattern[str]) -> Iterator[Location]:
    for path, _ in site.near("pyproject.toml", "Makefile", _HOOKS, "justfile"):
        found = first(site.tree, path, pattern)
        if found:
            yield found.location


# --- where they come from -------------------------------------------------------------------


def _brought(site: Site, declared: Declared | None) -> _Brought:
    own = site.dependencies
    tools = {name: own.locations.get(name, Location("")) for name in _TOOLS & set(own.packages)}
    if own.manager == "pip" and not (declared and (declared.groups or declared.extras)):
        return _by_file(site, tools)
    groups = _parts(declared.groups, tools) if declared else ()
    extras = _parts(declared.extras, tools) if declared else ()
    return _Brought(tools, (), groups, extras)


def _parts(
    named: Mapping[str, tuple[Requirement, ...]], tools: dict[str, Location]
) -> tuple[str, ...]:
    """The groups that bring a tool, which join ``tools``."""
    chosen = []
    for name, requirements in named.items():
        new = {each.name: each.location for each in requirements if each.name in _TOOLS}
        if new and (set(new) - set(tools) or name == "dev"):
            chosen.append(name)
            tools |= {key: where for key, where in new.items() if key not in tools}
    return tuple(chosen)


def _by_file(site: Site, tools: dict[str, Location]) -> _Brought:
    """The requirements file for development that brings most of them."""
    read_already = {*site.dependencies.files, *site.dependencies.included}
    best: dict[str, Location] = {}
    chosen: tuple[str, ...] = ()
    for path in requirement_files.every(site.tree, site.manage_dir):
        if path in read_already or not _DEVELOPMENT.search(path):
            continue
        found = {each.name: each.location for each in read(site.tree, path).requirements}
        wanted = {name: where for name, where in found.items() if name in _TOOLS}
        if len(wanted) > len(best):
            best, chosen = wanted, (path,)
    return _Brought({**best, **tools}, chosen)
