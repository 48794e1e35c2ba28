"""Something that is done with a site after its release: stages, and what they found out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from nuages.steps.stage import Outputs, Stage

T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True)
class Task(Generic[T_co]):
    """Stages that begin with what the last release has learned, and how their answer reads."""

    stages: tuple[Stage, ...]
    answer: Callable[[Outputs], T_co]
    after: tuple[Stage, ...] = ()
    """Done at the end, however it came: what must not stay behind."""
