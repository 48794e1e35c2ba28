"""What a rule yields, and what is reported."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from nuages.checks.edit import Edit
from nuages.text import Location

if TYPE_CHECKING:
    from nuages.checks.rule import Rule

Severity = Literal["error", "warning", "info"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")
"""The gravest first."""


@dataclass(frozen=True)
class Fault:
    """One place where a rule is broken, in the project's own words."""

    message: str
    """What is wrong here: names, values and numbers of this project, one sentence."""
    location: Location
    fix: str = ""
    """What to write instead, in this project; empty: the rule's own fix says it all."""
    severity: Severity | None = None
    """Where this place is graver, or less grave, than the rule usually is."""
    edit: Edit | None = None
    """The change that ``--fix`` may make; only where it cannot break anything."""


@dataclass(frozen=True)
class Finding:
    """A fault, with the rule that it breaks and what that means for this deployment."""

    rule: Rule
    severity: Severity
    message: str
    location: Location
    fix: str
    repaired: bool = False
    """The generated cloud settings repair it in what Nuages deploys."""
    edit: Edit | None = None


def lowered(severity: Severity) -> Severity:
    """One level less grave."""
    return SEVERITIES[min(SEVERITIES.index(severity) + 1, len(SEVERITIES) - 1)]


def at_least(severity: Severity, level: Severity) -> bool:
    """Whether a severity is as grave as a level, or graver."""
    return SEVERITIES.index(severity) <= SEVERITIES.index(level)
