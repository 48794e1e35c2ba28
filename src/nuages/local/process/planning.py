"""How a project's packages are installed at first, out of what its manager wrote down."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Literal

from nuages.image import Image
from nuages.local.process import requirements
from nuages.local.process.installing import Plan
from nuages.project.facts import Dependencies


def first(image: Image, dependencies: Dependencies, copy: Path) -> Plan:
    """The first plan to try, for the project whose files were copied there."""
    start = Plan(
        "uv",
        groups=image.groups,
        extras=image.extras,
        project=image.installs_project,
        constraints=image.bounds,
        overrides=tuple(hold.line for hold in image.overrides),
        build_bounds=tuple((hold.line, hold.bound) for hold in image.build_bounds),
        notices=tuple(f"{hold.line} is used: {hold.why}" for hold in image.overrides),
    )
    if image.installer == "uv-sync":
        return replace(start, tool="uv-sync")
    locked = _locked(image, copy)
    if locked:
        whole = image.installer != "pipenv"
        return replace(start, lines=locked, whole=whole, project=False)
    if image.requirements:
        paths = (copy / name for name in image.requirements)
        tool: Literal["uv", "pip"] = "pip" if image.installer == "pip" else "uv"
        return replace(start, tool=tool, files=tuple(str(path) for path in paths))
    # A group of Poetry's own form is one that nobody else reads.
    if image.installs_project or (image.groups and image.installer != "poetry"):
        return start
    return replace(start, lines=requirements.from_packages(dependencies.packages))


def _locked(image: Image, copy: Path) -> tuple[str, ...]:
    """The lines of a lock file that uv itself does not read."""
    locked = text(copy / image.lock) if image.lock else ""
    if not locked:
        return ()
    if image.installer == "poetry":
        project = text(copy / image.install_dir / "pyproject.toml")
        return requirements.from_poetry_lock(locked, project, image.groups)
    if image.installer == "pdm":
        return requirements.from_pdm_lock(locked, image.groups)
    return requirements.from_pipfile_lock(locked) if image.installer == "pipenv" else ()


def text(path: Path) -> str:
    """What a file says; empty when it cannot be read."""
    try:
        return path.read_text(encoding="utf-8-sig", errors="replace")
    except OSError:
        return ""
