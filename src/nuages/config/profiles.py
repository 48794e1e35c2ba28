"""The three sizes in which everything comes unless nuages.yaml says otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

MIB = 1024**2
GIB = 1024**3
ProfileName = Literal["small", "standard", "high-availability"]


@dataclass(frozen=True)
class Profile:
    """Sizes in bytes, CPU in cores."""

    name: ProfileName
    cpu: float
    memory: int
    min_instances: int
    max_instances: int
    target_cpu: int | None
    cache: bool
    """A cache server although the project names none."""
    cache_size: int
    disk: int
    high_availability: bool


PROFILES: dict[str, Profile] = {
    profile.name: profile
    for profile in (
        Profile("small", 1.0, GIB, 0, 3, None, False, GIB, 10 * GIB, False),
        Profile("standard", 1.0, GIB, 1, 10, 70, True, GIB, 20 * GIB, False),
        Profile("high-availability", 2.0, 2 * GIB, 2, 20, 70, True, 2 * GIB, 50 * GIB, True),
    )
}
