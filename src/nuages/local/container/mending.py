"""What to change in an image that could not be built or whose site does not start: pure.

The remedies are those of the process engine; here they end in the Dockerfile, each with its why.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from nuages.config.age import NEVER
from nuages.image import Hold, Image
from nuages.local.lacking import Installed, Lacking, lacking
from nuages.local.process import remedies
from nuages.local.process.installing import Plan, named
from nuages.project import debian
from nuages.project.facts import Dependencies


@dataclass(frozen=True)
class Mended:
    """Another image to try, and what to tell of it."""

    image: Image
    code: str
    text: str


def mended(
    image: Image,
    log: str,
    dependencies: Dependencies,
    roots: Iterable[str],
    lists: Callable[[], Mapping[str, str]],
) -> Mended | None:
    """The image with what its log asks for; None where that is not known, or was tried.

    ``log`` as the program printed it, without what BuildKit puts before each line.
    """
    found = re.match(r"(\d+)\.(\d+)", image.python)
    python = (int(found[1]), int(found[2])) if found else (3, 13)
    there = Installed(python, dependencies, _added(image), roots, lists, dict)
    lack = lacking(log, there)
    if lack is not None:
        return _with(image, lack)
    return _with_headers(image, log) or _with_plan(image, log)


def _added(image: Image) -> set[str]:
    lines = [hold.line for hold in (*image.undeclared, *image.holds)]
    return {named(line) for line in (*lines, *image.extra_requirements)}


def _with(image: Image, lack: Lacking) -> Mended | None:
    if lack.code == "django-held":
        if lack.line in image.bounds:
            return None
        after = replace(image, bounds=(*image.bounds, lack.line))
    elif lack.code != "undeclared":
        if any(hold.line == lack.line for hold in image.holds):
            return None
        after = replace(image, holds=(*image.holds, Hold(lack.line, lack.text)))
    else:
        why = f"{lack.line}: imported while the site starts"
        after = replace(image, undeclared=(*image.undeclared, Hold(lack.line, why)))
        after = _with_packages(after, debian.PACKAGES.get(named(lack.line))) or after
    return Mended(after, lack.code, lack.text)


def _with_packages(image: Image, needs: debian.Needs | None) -> Image | None:
    """With the system's packages for something; None where they are there already."""
    if needs is None or {*needs.build, *needs.runtime} <= {
        *image.build_packages,
        *image.runtime_packages,
    }:
        return None
    return replace(
        image,
        build_packages=tuple(sorted({*image.build_packages, *needs.build})),
        runtime_packages=tuple(sorted({*image.runtime_packages, *needs.runtime})),
    )


_FAILED = re.compile(r"failed to build[: ]*`?(?P<name>[A-Za-z0-9._-]+)", re.IGNORECASE)
_NO_COMPILER = re.compile(
    r"(?:command '?[\w-]*(?:gcc|cc|clang)'? failed: No such file|gcc: not found)"
)


def _with_headers(image: Image, log: str) -> Mended | None:
    """What the source of a package is compiled with, in place of another package."""
    for match in _FAILED.finditer(log):
        name = named(match["name"])
        needs = debian.PACKAGES.get(name) or debian.COMPILED.get(name)
        if needs is None and _NO_COMPILER.search(log):
            needs = debian.Needs(debian.COMPILER)
        after = _with_packages(image, needs)
        if after is not None:
            text = f"{name} is compiled, which takes packages of the system that were added"
            return Mended(after, "compiled", text)
    return None


def _with_plan(image: Image, log: str) -> Mended | None:
    """What the process engine would install instead."""
    plan = _plan(image)
    after = remedies.changed(plan, log)
    if after is None:
        return None
    said = after.notices[-1] if after.notices else ""
    left = tuple(f"{name} ; {NEVER}" for name in after.excluded)
    known = {hold.line: hold for hold in image.overrides}
    built = {hold.line: hold for hold in image.build_bounds}
    changed = replace(
        image,
        installer="pip" if after.tool == "pip" else image.installer,
        installs_project=image.installs_project and after.project,
        bounds=after.lines,
        overrides=tuple(known.get(line, Hold(line, said)) for line in (*after.overrides, *left)),
        build_bounds=tuple(
            built[line] if line in built and built[line].bound == bound else Hold(line, said, bound)
            for line, bound in after.build_bounds
        ),
    )
    return Mended(changed, "install", said) if changed != image else None


def _plan(image: Image) -> Plan:
    left = f" ; {NEVER}"
    lines = [hold.line for hold in image.overrides]
    return Plan(
        "pip" if image.installer == "pip" else "uv",
        files=image.requirements,
        lines=image.bounds,
        whole=image.installer in {"uv-sync", "poetry"},
        project=image.installs_project,
        excluded=tuple(line.removesuffix(left) for line in lines if line.endswith(left)),
        overrides=tuple(line for line in lines if not line.endswith(left)),
        build_bounds=tuple((hold.line, hold.bound) for hold in image.build_bounds),
    )
