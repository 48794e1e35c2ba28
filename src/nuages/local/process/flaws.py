"""What to say of a superuser that could not be made, or not with all that belongs to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nuages.effects.shell import Finished
from nuages.local.causes import Cause


def flaw(answer: Mapping[str, Any] | None, finished: Finished, cause: Cause | None) -> str:
    """``answer`` is None where there is no superuser at all."""
    if answer is None:
        return f"no superuser could be made: {cause.explanation if cause else finished.tail(1)}"
    why = cause.explanation if cause else answer["incomplete"]
    return f"the superuser is made, and what the project does after that failed: {why}"
