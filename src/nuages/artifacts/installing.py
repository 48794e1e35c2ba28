"""How the image gets its packages: what the templates in ``docker/install`` are laid out with."""

from __future__ import annotations

import posixpath
import shlex
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from nuages.artifacts.layout import Layout, in_image
from nuages.artifacts.requirements import UNLOCKED
from nuages.image import Hold, Image


def installing(image: Image, layout: Layout) -> dict[str, Any]:
    """How the packages get into the environment: the context of ``docker/install/*.j2``."""
    work = in_image(image.install_dir)
    extras = f"[{','.join(image.extras)}]" if image.extras else ""
    if image.unlocked:
        image = replace(
            image,
            installer="uv-pip",
            requirements=(layout.path(UNLOCKED),),
            install_files=(*image.install_files, layout.path(UNLOCKED)),
        )
    names = [shlex.quote(posixpath.relpath(in_image(name), work)) for name in image.requirements]
    bounds = list(map(shlex.quote, image.bounds))
    amended = image.overrides or image.build_bounds or image.bounds
    return {
        "installer": "uv-export" if amended and image.installer == "uv-sync" else image.installer,
        "amendments": [hold.why for hold in (*image.overrides, *image.build_bounds)],
        "overriding": "--overrides /tmp/overrides.txt " if image.overrides else "",
        "early": [" \\\n    && ".join(_early(hold)) for hold in image.build_bounds],
        "beside": "".join(f" {bound}" for bound in bounds),
        "install_dir": work,
        "install_copies": _copies(image.install_files, work),
        "requirements": " ".join([_sources(image, names) or f".{extras}", *bounds]),
        "lock": image.lock,
        "installs_project": image.installs_project,
        "unversioned": repr(package_info(image.unversioned)) if image.unversioned else None,
        "sync_options": _options("--group", image.groups) + _options("--extra", image.extras),
        "poetry_options": _options("--with", image.groups) + _options("--extras", image.extras),
        "pdm_options": _options("--group", (*image.groups, *image.extras)),
    }


def _early(hold: Hold) -> tuple[str, str]:
    """A package that older tools build, in place before everything else is looked for."""
    tools = "/tmp/older-tools.txt"  # noqa: S108 -- in the image
    install = f"uv pip install --no-deps --build-constraints {tools} {shlex.quote(hold.line)}"
    return f"echo {shlex.quote(hold.bound)} > {tools}", install


def lines(holds: Iterable[Hold]) -> list[tuple[str, str]]:
    return [(shlex.quote(hold.line), hold.why) for hold in holds]


def package_info(name: str) -> str:
    """A ``PKG-INFO``, from which tools that ask git for a version take it where git is not.

    Source: https://setuptools-scm.readthedocs.io/en/latest/usage/, and the like of others.
    """
    return f"Metadata-Version: 2.1\nName: {name}\nVersion: 0\n"


def _sources(image: Image, names: list[str]) -> str:
    """The files to install from; of pyproject.toml, with the extras and groups asked for."""
    sources = " ".join(f"-r {name}" for name in names)
    if not names and image.groups and not image.installs_project:
        return _options("--group", image.groups).strip()
    if not any(name.endswith("pyproject.toml") for name in names):
        return sources
    return sources + _options("--extra", image.extras) + _options("--group", image.groups)


def _options(flag: str, values: Iterable[str]) -> str:
    return "".join(f" {flag} {shlex.quote(value)}" for value in values)


def _copies(files: Iterable[str], work: str) -> list[dict[str, str]]:
    """One COPY for each folder, as COPY keeps no folders."""
    folders: dict[str, list[str]] = {}
    for path in files:
        folders.setdefault(posixpath.dirname(path), []).append(path)
    return [
        {"sources": " ".join(paths), "target": f"{posixpath.relpath(in_image(folder), work)}/"}
        for folder, paths in folders.items()
    ]
