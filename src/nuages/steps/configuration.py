"""How the configuration of a target is handed to Terraform."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Cause:
    """A failure of Terraform's that is recognised, and what to do about it."""

    pattern: str
    """A regular expression for what it printed."""
    message: str
    hint: str
    reason: str

    def explains(self, printed: str) -> bool:
        return re.search(self.pattern, printed) is not None


@dataclass(frozen=True)
class Configuration:
    """Where the state is, and the values that are known when it is planned only."""

    bucket: str
    prefix: str
    variables: Mapping[str, str]
    """Not secret: they are words of the command line."""
    var_files: tuple[str, ...] = ()
    stand_ins: Mapping[str, str] = field(default_factory=dict)
    """Environment variables for what a plan must be given and never shows: passwords."""
    no_state: str = ""
    """A regular expression for what is printed where the bucket of the state is not there yet."""
    causes: tuple[Cause, ...] = ()
