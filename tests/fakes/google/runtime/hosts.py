"""The names under which Cloud Run answers for a service. Pure.

https://cloud.google.com/run/docs/triggering/https-request#deterministic
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

LABEL = 63


@dataclass(frozen=True, slots=True)
class Name:
    """Of projects/P/locations/L/services/S, or of anything below a location."""

    project: str
    location: str
    short: str
    full: str

    @classmethod
    def parse(cls, full: str) -> Name:
        _, project, _, location, _, short, *_ = full.split("/")
        return cls(project, location, short, full)


def hosts(service: Name, number: str, tag: str = "") -> tuple[str, ...]:
    """The predictable one first, if its label is not too long; then the one with a hash."""
    prefix = f"{tag}---{service.short}" if tag else service.short
    label = f"{prefix}-{number}"
    # The letters are fakecloud's, so that Terraform's `uri` is among them.
    hashed = sha256(service.project.encode()).hexdigest()[:10]
    both = (
        f"{label}.{service.location}.run.app" if len(label) <= LABEL else "",
        f"{prefix}-{hashed}-{service.location[:2]}.a.run.app",
    )
    return tuple(host for host in both if host)
