"""pyproject.toml: PEP 621, PEP 735, and the tables of poetry, uv and pdm.

Formats: https://packaging.python.org/en/latest/specifications/pyproject-toml/,
https://python-poetry.org/docs/pyproject/, https://docs.astral.sh/uv/reference/settings/
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from packaging.utils import canonicalize_name

from nuages.project.declared import Declared
from nuages.project.facts import Manager, Problem
from nuages.project.poetry import poetry_requirement, poetry_specifier
from nuages.project.requirements import Requirement, ordered, requirement
from nuages.text import Location

Table = Mapping[str, Any]


def read(path: str, text: str) -> Declared:
    """What a pyproject.toml declares; a broken one becomes a problem and declares nothing."""
    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        return Declared("pip", path, problems=(Problem(_place(path, str(error)), str(error)),))
    reader = _Reader(path, text)
    project, tool = table(data, "project"), table(data, "tool")
    poetry, uv = table(tool, "poetry"), table(tool, "uv")
    python = reader.python(project, poetry)
    asked = [*reader.listed(project.get("dependencies")), *reader.poetry(poetry, "dependencies")]
    return Declared(
        manager(tool, project),
        path,
        requirements=tuple(reader.with_sources(asked, table(uv, "sources"))),
        groups=reader.groups(data, poetry, uv, table(tool, "pdm")),
        extras=reader.extras(project, poetry),
        python=python,
        python_line=reader.line(r"^\s*(?:requires-python|python)\s*="),
        default_groups=tuple(_strings(uv.get("default-groups", ["dev"]))),
        only_groups=not project and not poetry,
        buildable=_buildable(data, poetry, uv),
        package=_package(project, poetry),
        files=(path,),
        problems=tuple(reader.problems),
    )


def manager(tool: Table, project: Table) -> Manager:
    """Who would install from it, going by its tables; a lock file says it better."""
    if "poetry" in tool and ("dependencies" in tool["poetry"] or not project):
        return "poetry"
    known: tuple[Manager, ...] = ("uv", "pdm")
    for name in known:
        if name in tool:
            return name
    return "pip"


def table(data: Table, *names: str) -> Table:
    """A table within tables; an empty one where something else, or nothing, stands."""
    current: Any = data
    for name in names:
        current = current.get(name) if isinstance(current, Mapping) else None
    return current if isinstance(current, Mapping) else {}


def _place(path: str, message: str) -> Location:
    match = re.search(r"line (\d+), column (\d+)", message)
    return Location(path, int(match[1]), int(match[2])) if match else Location(path)


def _strings(value: object) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _buildable(data: Table, poetry: Table, uv: Table) -> bool:
    if uv.get("package") is False or poetry.get("package-mode") is False:
        return False
    return "build-system" in data or uv.get("package") is True


def _package(project: Table, poetry: Table) -> str:
    """The folder of modules that poetry would look for; empty where it is told another."""
    name = project.get("name") or poetry.get("name")
    told = "packages" in poetry or not isinstance(name, str)
    return "" if told else re.sub(r"[-.]+", "_", str(name)).lower()


class _Reader:
    """Requirements with the line on which each stands."""

    def __init__(self, path: str, text: str):
        self.path = path
        self.lines = text.splitlines()
        self.problems: list[Problem] = []

    def line(self, pattern: str) -> int:
        """The first line that matches, from 1; 0 when none does."""
        expression = re.compile(pattern)
        return next((i for i, line in enumerate(self.lines, 1) if expression.search(line)), 0)

    def where(self, name: str) -> Location:
        """The line that names a package."""
        words = re.escape(re.split(r"[^\w.-]", name.strip() + " ")[0]).replace("_", "[-_.]")
        return Location(
            self.path, self.line(rf"(?i)[\"']{words}\b|^\s*{words}\s*=") if words else 0
        )

    def listed(self, value: object) -> Iterator[Requirement]:
        """PEP 508 texts."""
        for text in _strings(value):
            found = requirement(text, self.where(text))
            if isinstance(found, Requirement):
                yield found
            elif isinstance(found, Problem):
                self.problems.append(found)

    def poetry(self, poetry: Table, key: str) -> Iterator[Requirement]:
        """poetry's own tables; optional ones belong to extras."""
        for name, value in table(poetry, key).items():
            if name.lower() != "python" and not (isinstance(value, dict) and value.get("optional")):
                yield from poetry_requirement(name, value, self.where(name))

    def with_sources(self, asked: list[Requirement], sources: Table) -> Iterator[Requirement]:
        """uv's ``[tool.uv.sources]`` turn a name into a repository."""
        git = {
            str(canonicalize_name(name)): f"git+{source['git']}"
            for name, source in sources.items()
            if isinstance(source, dict) and isinstance(source.get("git"), str)
        }
        for each in asked:
            url = git.get(each.name, each.url)
            yield Requirement(
                each.name, each.specifier, each.location, each.extras, each.marker, url
            )

    def groups(
        self, data: Table, poetry: Table, uv: Table, pdm: Table
    ) -> dict[str, tuple[Requirement, ...]]:
        """PEP 735 groups, their includes followed, and each tool's older way of saying it."""
        found: dict[str, tuple[Requirement, ...]] = {}
        standard = table(data, "dependency-groups")
        for name in standard:
            found[name] = tuple(self.listed(list(_group(standard, name, frozenset()))))
        for name, value in table(poetry, "group").items():
            if isinstance(value, dict):
                found[name] = tuple(self.poetry(value, "dependencies"))
        if "dev-dependencies" in poetry:
            found["dev"] = tuple(self.poetry(poetry, "dev-dependencies"))
        if "dev-dependencies" in uv:
            found["dev"] = tuple(self.listed(uv["dev-dependencies"]))
        for name, value in table(pdm, "dev-dependencies").items():
            found[name] = tuple(self.listed(value))
        return found

    def extras(self, project: Table, poetry: Table) -> dict[str, tuple[Requirement, ...]]:
        """PEP 621 optional dependencies, and poetry's extras, which name optional ones."""
        found = {
            name: tuple(self.listed(value))
            for name, value in table(project, "optional-dependencies").items()
        }
        declared = table(poetry, "dependencies")
        for name, value in table(poetry, "extras").items():
            found[name] = tuple(
                each
                for key in _strings(value)
                if key in declared
                for each in poetry_requirement(key, declared[key], self.where(key))
            )
        return found

    def python(self, project: Table, poetry: Table) -> str | None:
        """The Pythons that the project says it runs on."""
        asked = project.get("requires-python")
        if isinstance(asked, str):
            return ordered(asked)
        own = table(poetry, "dependencies").get("python")
        text = own.get("version") if isinstance(own, dict) else own
        return poetry_specifier(text) or None if isinstance(text, str) else None


def _group(groups: Table, name: str, above: frozenset[str]) -> Iterator[str]:
    """The texts of a PEP 735 group, ``{include-group = "…"}`` followed."""
    if name in above:
        return
    items = groups.get(name)
    for item in items if isinstance(items, list) else []:
        if isinstance(item, str):
            yield item
        elif isinstance(item, dict) and isinstance(item.get("include-group"), str):
            yield from _group(groups, item["include-group"], above | {name})
