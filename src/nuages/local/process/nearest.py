"""The nearest release with a wheel, for a pin whose source does not build here."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from nuages.local.process.installing import Plan, named

Resolve = Callable[[str, str], str]
"""What an installer prints when it is asked for a package from a bound on, as wheels alone."""

_FAILED = re.compile(
    r"failed (?:to build|to download and build)[: ]*`?(?P<name>[A-Za-z0-9._-]+)"
    r"==(?P<version>[\w.]+)",
    re.IGNORECASE,
)


def changed(plan: Plan, output: str, resolve: Resolve) -> Plan | None:
    """The plan with the nearest release instead, each package once; None where none is known."""
    for match in _FAILED.finditer(output):
        name, version = named(match["name"]), match["version"]
        if plan.tool == "pip" or any(named(line) == name for line in plan.overrides):
            continue
        found = re.search(rf"(?m)^{re.escape(name)}==([\w.]+)", resolve(name, f"{name}>={version}"))
        if found and found[1] != version:
            line = f"{name}=={found[1]}"
            bounds = tuple(pair for pair in plan.build_bounds if named(pair[0]) != name)
            others = tuple(n for n in plan.notices if not n.startswith(f"{name}=={version} builds"))
            after = replace(plan, build_bounds=bounds, notices=others)
            after = replace(after, overrides=(*plan.overrides, line))
            text = (
                f"{name} {version} does not build here: {line}, the nearest with a wheel, is used"
            )
            return after.noting(text)
    return None


def resolve_argv(uv: str, python: Path, name: str, wanted: Path) -> tuple[str, ...]:
    """``uv pip compile`` of one requirement, to its lowest release with a wheel.

    https://docs.astral.sh/uv/concepts/resolution/#resolution-strategy
    """
    options = ("--quiet", "--no-header", "--no-annotate", "--no-deps")
    lowest = ("--resolution", "lowest-direct", "--only-binary", name)
    return (uv, "pip", "compile", *options, *lowest, "--python", str(python), str(wanted))
