"""The nearest release with a wheel, for a pin that is not on the index or does not build here."""

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
_ABSENT = re.compile(
    r"there\s+is\s+no\s+version\s+of\s+(?P<name>[A-Za-z0-9._-]+)(?:\[[\w,-]+\])?"
    r"==(?P<version>\d[\w.]*)\s+and\s+you\s+require"
)
"""How uv says that the index does not have what the project itself pins."""


def changed(plan: Plan, output: str, resolve: Resolve) -> Plan | None:
    """The plan with the nearest release instead, each package once; None where none is known."""
    for match in _FAILED.finditer(output):
        after = _with(plan, match, "does not build here", resolve)
        if after is not None:
            return after
    return None


def found(plan: Plan, output: str, resolve: Resolve) -> Plan | None:
    """The same for a pin to a release that was withdrawn, or never published."""
    match = _ABSENT.search(output)
    return _with(plan, match, "is not on the index", resolve) if match else None


def _with(plan: Plan, match: re.Match[str], why: str, resolve: Resolve) -> Plan | None:
    name, version = named(match["name"]), match["version"]
    if plan.tool == "pip" or any(named(line) == name for line in plan.overrides):
        return None
    answer = resolve(name, f"{name}>={version}")
    near = re.search(rf"(?m)^{re.escape(name)}==([\w.]+)", answer)
    if near is None or near[1] == version:
        return None
    line = f"{name}=={near[1]}"
    bounds = tuple(pair for pair in plan.build_bounds if named(pair[0]) != name)
    others = tuple(n for n in plan.notices if not n.startswith(f"{name}=={version} builds"))
    after = replace(plan, build_bounds=bounds, notices=others)
    after = replace(after, overrides=(*plan.overrides, line))
    return after.noting(f"{name} {version} {why}: {line}, the nearest with a wheel, is used")


def resolve_argv(uv: str, python: Path, name: str, wanted: Path) -> tuple[str, ...]:
    """``uv pip compile`` of one requirement, to its lowest release with a wheel.

    https://docs.astral.sh/uv/concepts/resolution/#resolution-strategy
    """
    options = ("--quiet", "--no-header", "--no-annotate", "--no-deps")
    lowest = ("--resolution", "lowest-direct", "--only-binary", name)
    return (uv, "pip", "compile", *options, *lowest, "--python", str(python), str(wanted))
