"""The only code that knows the time."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime


def now() -> datetime:
    """The present moment, in UTC."""
    return datetime.now(UTC)


def elapsed() -> float:
    """Seconds on a clock that never goes back."""
    return time.monotonic()


def pause(seconds: float) -> None:
    time.sleep(seconds)


def until(condition: Callable[[], bool], seconds: float, every: float = 0.1) -> bool:
    """Wait for ``condition``; tell whether it came true within ``seconds``."""
    end = elapsed() + seconds
    while not condition():
        if elapsed() >= end:
            return False
        pause(every)
    return True
