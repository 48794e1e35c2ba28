"""A rule: one declared function that reads what production would run and yields its faults."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from nuages.checks.finding import Fault, Severity
from nuages.checks.production import Production

Faults = Iterator[Fault]
Example = Mapping[str, str | None]
"""Files over a clean site; ``settings.py`` is added to its settings, None removes a file."""


@dataclass(frozen=True)
class Rule:
    """What a rule declares, and its function."""

    id: str
    severity: Severity
    title: str
    """The mistake as a heading: ``DEBUG is on``."""
    why: str
    """What happens in production, and how."""
    symptom: str
    """What somebody sees or searches for: an error message, a status, a bill."""
    fix: str
    url: str
    """Where the outside fact is documented."""
    mistake: Example
    fixed: Example
    function: Callable[[Production], Faults] = field(compare=False, repr=False)
    repaired_by: str = ""
    """The flag of ``SettingsOverlay`` under which the cloud settings repair it, or ``always``."""
    site: str = "flat"
    """The clean site that the examples lie over; ``split`` has Celery and a REST API."""

    def faults(self, production: Production) -> Faults:
        """Every place where the rule is broken."""
        return self.function(production)

    def repaired(self, production: Production) -> bool:
        """Whether what Nuages deploys does not have this fault, whatever the settings say."""
        if not self.repaired_by:
            return False
        overlay = production.deployment.overlay
        return self.repaired_by == "always" or bool(getattr(overlay, self.repaired_by))


def rule(  # noqa: PLR0913 - a declaration has as many words as its page has parts
    id: str,
    *,
    severity: Severity,
    title: str,
    why: str,
    fix: str,
    url: str,
    mistake: Example,
    fixed: Example,
    symptom: str = "",
    repaired_by: str = "",
    site: str = "flat",
) -> Callable[[Callable[[Production], Faults]], Rule]:
    """Declare a rule; see "A rule" in CONTRIBUTING.md."""

    def declared(function: Callable[[Production], Faults]) -> Rule:
        declaration = (id, severity, title, why, symptom, fix, url, mistake, fixed)
        return Rule(*declaration, function, repaired_by, site)

    return declared
