"""Pins that contradict what their packages ask of each other: installed as they are pinned.

`pip freeze` writes such lists down, out of environments in which pip only warned.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from nuages.local.process.installing import Plan, named

_PIN = re.compile(
    r"(?m)^[ \t]*(?P<line>[A-Za-z0-9][\w.-]*(?:\[[\w,\s-]+\])?[ \t]*==[ \t]*[\w.+!]+"
    r"(?:[ \t]*;[^#\n]+)?)"
)
_ASKS = re.compile(r"(?m)^\s+(?P<who>[\w.\[\]-]+ [\w.+!]+ depends on [^\n]+)$")


def insisted(plan: Plan, output: str, texts: Iterable[str]) -> Plan | None:
    """The plan with every pin as an override, once pip has found that no set meets them all.

    ``texts`` are the requirement files that the plan installs from.
    """
    if plan.tool != "pip" or plan.insists or "ResolutionImpossible" not in output:
        return None
    taken = {named(line) for line in plan.overrides} | {*plan.excluded}
    lines = [match["line"].strip() for text in texts for match in _PIN.finditer(text)]
    pins = {named(line): line for line in lines if named(line) not in taken}
    if not pins:
        return None
    asks = _ASKS.search(output)
    why = f" ({asks['who'].strip()})" if asks else ""
    after = replace(plan, tool="uv", insists=True, overrides=(*plan.overrides, *pins.values()))
    return after.noting(
        f"the pins contradict what their packages ask for{why}: installed as they are pinned"
    )
