"""The Python that a project runs on, looked for where people keep theirs."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import Version

from nuages.effects import shell
from nuages.errors import ToolMissing
from nuages.project.facts import Evidence, Project
from nuages.project.syntax import UNBRACKETED


@dataclass(frozen=True)
class Interpreter:
    path: Path
    version: Version

    @property
    def minor(self) -> str:
        return f"{self.version.major}.{self.version.minor}"


@dataclass(frozen=True)
class Wanted:
    """What a project says of its Python."""

    version: str
    requires: str | None = None
    syntax: str | None = None
    """The oldest that parses every file, as it is or with brackets put in."""
    evidence: tuple[Evidence, ...] = ()
    """Where it says so."""


def wanted(project: Project) -> Wanted:
    """What a project says, and every place that it says it in."""
    said = (project.python, project.python_requires, project.syntax)
    evidence = dict.fromkeys(each for fact in said if fact for each in fact.evidence)
    requires = project.python_requires.value if project.python_requires else None
    syntax = project.syntax.value if project.syntax and not only_brackets(project) else None
    return Wanted(project.python.value, requires, syntax, tuple(evidence)[:4])


def only_brackets(project: Project) -> bool:
    """Whether nothing but ``except A, B:`` keeps the code from older Pythons."""
    evidence = project.syntax.evidence if project.syntax else ()
    return bool(evidence) and all(each.note == UNBRACKETED for each in evidence)


LATE = Version("3.14")
"""Evaluates annotations when they are asked for: https://peps.python.org/pep-0649/"""


def is_late(project: Project, found: Interpreter) -> bool:
    """Whether an older Python stands in for one that evaluates annotations late."""
    said = wanted(project)
    asked = not allows(said.requires, Version("3.13")) or minor(said.version) == str(LATE)
    return asked and found.version < LATE


def minor(text: str) -> str:
    """``3.12`` out of ``3.12.4``, ``python-3.12.4`` or ``3.12``."""
    match = re.search(r"(\d+)\.(\d+)", text)
    return f"{match[1]}.{match[2]}" if match else text


def allows(requires: str | None, version: Version) -> bool:
    """Tell whether ``>=3.10,<4`` allows a version; exact pins count by their minor version."""
    if not requires:
        return True
    relaxed = re.sub(r"(?:===?|~=)\s*(\d+\.\d+)(?:\.\d+)+", r"==\1.*", requires)
    relaxed = re.sub(r">=?\s*(\d+\.\d+)\.\d+", r">=\1", relaxed)
    try:
        return SpecifierSet(relaxed).contains(version, prereleases=True)
    except InvalidSpecifier:
        return True


def chosen(
    wanted: str, requires: str | None, found: Iterable[Interpreter]
) -> tuple[Interpreter | None, str]:
    """The best of ``found`` and, where it is not the one wanted, a sentence that says so.

    The same minor version first, then the nearest newer one that the project allows, then the
    nearest older one; only what the project itself declares lets us leave its minor version.
    """
    everything = sorted(found, key=lambda i: i.version, reverse=True)
    same = [i for i in everything if i.minor == minor(wanted)]
    if same:
        return same[0], ""
    target = Version(minor(wanted))
    near = [i for i in everything if requires and allows(requires, i.version)]
    newer = [i for i in reversed(near) if i.version > target]
    older = [i for i in near if i.version < target]
    best = next(iter([*newer, *older]), None)
    if best is None:
        return None, ""
    return best, f"Python {wanted} is not here; {best.version} is used, which {requires} allows"


def find(wanted: Wanted, uv: str, environment: Mapping[str, str]) -> tuple[Interpreter, str]:
    """An interpreter for the project and a notice; uv may download one before another minor
    version is taken, and a version that the project forbids only where its code parses there.
    """
    best, notice = chosen(wanted.version, None, _nearby(environment))
    if best is None:
        here = installed(uv, environment)
        best = chosen(wanted.version, None, here)[0] or _downloaded(wanted.version, uv, environment)
        if best is None:
            best, notice = chosen(wanted.version, wanted.requires, here)
        if best is None:
            best, notice = relaxed(wanted.version, wanted.requires, wanted.syntax, here)
        if best is None:
            raise _missing(wanted, here)
    return best, notice


def relaxed(
    wanted: str, requires: str | None, syntax: str | None, found: Iterable[Interpreter]
) -> tuple[Interpreter | None, str]:
    """Another Python than the project declares, where every file of it parses there.

    One that the project forbids is at most one minor version older; where it forbids none, the
    nearest will do.
    """
    target = Version(minor(wanted))
    oldest = Version(minor(syntax or "3.6"))
    furthest = target.minor - 1 if requires else 0
    fits = [i for i in found if oldest <= Version(i.minor) and furthest <= i.version.minor]
    near = sorted(fits, key=lambda i: (abs(i.version.minor - target.minor), -i.version.micro))
    if not near or (requires and near[0].version > target):
        return None, ""
    return near[0], (
        f"Python {wanted} is not here. Every file of the project parses on {near[0].version}, "
        f"so that is used, although the project asks for {requires or wanted}"
    )


def _missing(wanted: Wanted, here: Iterable[Interpreter]) -> ToolMissing:
    have = ", ".join(sorted({i.minor for i in here}, key=Version)) or "none"
    version = minor(wanted.version)
    return ToolMissing(
        f"The project runs on Python {version}, and there is no such interpreter here ({have})",
        hint=f"Install it (`uv python install {version}`, `pyenv install {version}`, "
        "or your system's package), then run this again.",
        detail="\n".join(f"{each.location}: {each.note}" for each in wanted.evidence),
        location=wanted.evidence[0].location if wanted.evidence else None,
        reason="no-interpreter",
    )


def installed(uv: str, environment: Mapping[str, str]) -> list[Interpreter]:
    """Every interpreter on this machine that uv or pyenv knows."""
    argv = (uv, "python", "list", "--only-installed", "--offline", "--no-config")
    listing = shell.run(shell.Call(argv, {**environment, "NO_COLOR": "1"}), timeout=60)
    return [*_listed(listing.lines), *_nearby(environment)]


def _nearby(environment: Mapping[str, str]) -> list[Interpreter]:
    """What costs nothing to find: pyenv's, and the one that runs this."""
    running = Version(".".join(str(part) for part in sys.version_info[:3]))
    own = Path(sys.base_prefix) / "bin" / f"python{running.major}.{running.minor}"
    return [*([Interpreter(own, running)] if own.exists() else []), *_pyenv(environment)]


def _listed(lines: Iterable[str]) -> Iterable[Interpreter]:
    for line in lines:
        match = re.match(r"cpython-(\d+\.\d+\.\d+)\S*\s+(/\S+)", line)
        if match and "/shims/" not in match[2] and "freethreaded" not in line.split()[0]:
            yield Interpreter(Path(match[2]), Version(match[1]))


def _pyenv(environment: Mapping[str, str]) -> Iterable[Interpreter]:
    home = environment.get("HOME") or str(Path.home())
    versions = Path(environment.get("PYENV_ROOT") or f"{home}/.pyenv") / "versions"
    for folder in sorted(versions.glob("3.*")):
        python = folder / "bin" / "python"
        if re.fullmatch(r"3\.\d+\.\d+", folder.name) and os.access(python, os.X_OK):
            yield Interpreter(python, Version(folder.name))


def _downloaded(wanted: str, uv: str, environment: Mapping[str, str]) -> Interpreter | None:
    if environment.get("UV_PYTHON_DOWNLOADS") == "never" or environment.get("UV_OFFLINE"):
        return None
    call = shell.Call((uv, "python", "install", "--no-config", minor(wanted)), environment)
    if not shell.run(call, timeout=600).ok:
        return None
    return chosen(wanted, None, installed(uv, environment))[0]
