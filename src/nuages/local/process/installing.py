"""How an environment is filled: pure plans, and what to change in one that failed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from packaging.utils import canonicalize_name

from nuages.config.age import NEVER
from nuages.image import Image

RECIPE = "6"
"""Changes when the same files would be installed in another way: old environments go unused."""


@dataclass(frozen=True)
class Plan:
    """What to install, and by what."""

    tool: Literal["uv-sync", "uv", "pip"]
    files: tuple[str, ...] = ()
    """Requirement files, relative to the folder in which the tool runs."""
    lines: tuple[str, ...] = ()
    """Requirements that stand in no file of the project."""
    groups: tuple[str, ...] = ()
    extras: tuple[str, ...] = ()
    whole: bool = False
    """``lines`` is a complete lock: nothing is to be resolved."""
    project: bool = False
    """The project itself is a package to install."""
    excluded: tuple[str, ...] = ()
    overrides: tuple[str, ...] = ()
    """Requirements that win over whatever else asks for their packages."""
    spare: tuple[str, ...] = ()
    """What to override with instead, where that does not fit."""
    build_bounds: tuple[tuple[str, str], ...] = ()
    """Requirements whose source builds only with older tools, and the bound on these."""
    notices: tuple[str, ...] = ()
    insists: bool = False
    """The project's own pins are among the overrides."""
    constraints: tuple[str, ...] = ()
    """Versions that are there already, and stay."""

    def noting(self, text: str) -> Plan:
        return replace(self, notices=(*self.notices, text))


def sync_argv(plan: Plan, uv: str, python: Path) -> tuple[str, ...]:
    """``uv sync`` as production needs it; the environment is named by a variable."""
    groups = [part for group in plan.groups for part in ("--group", group)]
    extras = [part for extra in plan.extras for part in ("--extra", extra)]
    project = [] if plan.project else ["--no-install-project"]
    skipped = [part for name in plan.excluded for part in ("--no-install-package", name)]
    head = (uv, "sync", "--frozen", "--no-dev", "--no-progress", "--python", str(python))
    return (*head, *groups, *extras, *project, *skipped)


def export_argv(plan: Plan, uv: str, python: Path) -> tuple[str, ...]:
    """The lock as requirement lines, whatever Python the project insists on."""
    groups = [part for group in plan.groups for part in ("--group", group)]
    extras = [part for extra in plan.extras for part in ("--extra", extra)]
    head = (uv, "export", "--frozen", "--no-dev", "--no-hashes", "--no-header", "--no-annotate")
    project = () if plan.project else ("--no-emit-project",)
    return (*head, *project, "--quiet", "--python", str(python), *groups, *extras)


def install_argv(plan: Plan, uv: str, python: Path, work: Path) -> tuple[str, ...]:
    """``uv pip install`` or ``pip install`` of everything in a plan.

    ``work`` holds the files ``lines.txt`` and ``overrides.txt``, in as far as the plan
    needs them (see ``companions``).
    """
    companions_ = companions(plan)
    sources = [part for file in plan.files for part in ("-r", file)]
    if "lines.txt" in companions_:
        sources += ["-r", str(work / "lines.txt")]
    if not (plan.project or plan.whole or plan.lines):
        of_project = any(file.endswith("pyproject.toml") for file in plan.files)
        extras = plan.extras if of_project else ()
        sources += [part for extra in extras for part in ("--extra", extra)]
        sources += [part for group in plan.groups for part in ("--group", group)]
    if plan.constraints:
        sources += ["--constraint", str(work / "constraints.txt")]
    if plan.project:
        sources.append(f".[{','.join(plan.extras)}]" if plan.extras else ".")
    if plan.tool == "pip":
        return (str(python), "-m", "pip", "install", "--no-input", "-q", *sources)
    options = ["--python", str(python), "--no-progress", *(["--no-deps"] if plan.whole else [])]
    if "overrides.txt" in companions_:
        options += ["--overrides", str(work / "overrides.txt")]
    return (uv, "pip", "install", *options, "--index-strategy", "unsafe-best-match", *sources)


def early_argv(uv: str, python: Path, requirement: str, bounds: Path) -> tuple[str, ...]:
    """A package that builds only with older tools, put in place before everything else."""
    options = ("--python", str(python), "--no-progress", "--no-deps")
    return (uv, "pip", "install", *options, "--build-constraints", str(bounds), requirement)


def companions(plan: Plan) -> Mapping[str, str]:
    """The files that ``install_argv`` names, and their text."""
    excluded = {canonicalize_name(name) for name in plan.excluded}
    lines = [line for line in plan.lines if not (plan.whole and named(line) in excluded)]
    found = {
        "lines.txt": lines,
        "overrides.txt": [*plan.overrides, *(f"{name} ; {NEVER}" for name in plan.excluded)],
        "constraints.txt": list(plan.constraints),
    }
    return {name: "\n".join(text) + "\n" for name, text in found.items() if text}


def named(line: str) -> str:
    """The normalised name of a requirement line."""
    match = re.match(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)", line)
    return canonicalize_name(match[1]) if match else ""


def extra_lines(wanted: Iterable[str], installed: Mapping[str, str]) -> tuple[str, ...]:
    """What a server and the generated settings need and the project lacks."""
    return tuple(line for line in wanted if named(line) not in installed)


def fingerprint(image: Image, texts: Mapping[str, str], python: str, place: str) -> str:
    """What decides whether an environment can be used again, as one text to hash."""
    local = image.installs_project or any(
        re.search(r"(?m)^\s*(-e|--editable|\.{1,2}/|file:)", text) for text in texts.values()
    )
    parts = [RECIPE, python, image.installer, *image.requirements, *image.groups, *image.extras]
    parts += [*image.extra_requirements, *image.bounds, place if local else ""]
    return "\0".join([*parts, *(f"{name}\0{text}" for name, text in sorted(texts.items()))])


def unpinned(line: str) -> str:
    """A requirement without its version, for where the pinned one does not fit."""
    match = re.match(r"\s*[A-Za-z0-9][A-Za-z0-9._-]*(\[[^\]]*\])?", line)
    return match[0].strip() if match else line
