"""What is wrong in a file, gathered, so that one run reports all of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from nuages.errors import ConfigError
from nuages.text import Location

REPORTED = 20
"""More errors than these are counted, not printed."""


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong, where, and what to do about it."""

    location: Location
    message: str
    hint: str = ""

    def __str__(self) -> str:
        return f"{self.location}: {self.message}" + (f" ({self.hint})" if self.hint else "")


def config_error(problems: Sequence[Problem]) -> ConfigError:
    """Return one error for all problems: the first in the file leads, the others are its detail."""
    first, *others = sorted(set(problems))
    more = f" (and {len(others)} more)" if others else ""
    lines = [str(problem) for problem in others[:REPORTED]]
    if len(others) > REPORTED:
        lines.append(f"… and {len(others) - REPORTED} more")
    return ConfigError(
        first.message + more, hint=first.hint, location=first.location, detail="\n".join(lines)
    )


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return ``did you mean …?`` when a known word is close to this one, else nothing."""
    close = get_close_matches(word[:80], sorted(known), n=1, cutoff=0.6)
    return f"did you mean {close[0]!r}?" if close else ""
