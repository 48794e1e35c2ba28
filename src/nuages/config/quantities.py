"""Sizes, durations and shares of a CPU as people write them.

Each function takes what stood in the file and returns one plain unit, or raises ``ValueError``
with a sentence that says what the unit means.
"""

from __future__ import annotations

import re

_SIZE = re.compile(r"(?P<number>\d{1,12}(?:\.\d{1,6})?)\s*(?P<unit>[A-Za-z]*)")
_DURATION = re.compile(r"(?:\d{1,9}(?:\.\d{1,3})?\s*(?:ms|s|m|h|d|w)\s*)+")
_DURATION_PART = re.compile(r"(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>ms|s|m|h|d|w)")
_CPU = re.compile(r"(?P<number>\d{1,6}(?:\.\d{1,3})?)(?P<milli>m?)")

_POWERS = {"": 0, "k": 1, "m": 2, "g": 3, "t": 4}
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0}

LARGEST_SIZE = 64 * 1024**4
LONGEST_DURATION = 3660 * 86400
LARGEST_CPU = 256.0


def size(written: object) -> int:
    """Return bytes: ``2Gi``, ``512Mi``, ``1gb``.

    Every unit is a power of 1024, with or without the ``i`` and the ``b``, as Docker, Redis
    and PostgreSQL read them (https://docs.docker.com/reference/compose-file/extension/,
    https://redis.io/docs/latest/operate/oss_and_stack/management/config/).
    """
    text = str(written).strip() if _is_number(written) or isinstance(written, str) else ""
    match = _SIZE.fullmatch(text)
    power = _power(match["unit"]) if match else None
    if match is None or power is None:
        raise ValueError("should be a size such as 512Mi (mebibytes) or 2Gi (gibibytes)")
    number = match["number"]
    if power == 0:
        raise ValueError(f"needs a unit: {number}Mi is mebibytes, {number}Gi is gibibytes")
    value = int(float(number) * 1024**power)
    if not 1024 <= value <= LARGEST_SIZE:
        raise ValueError("should be a size between 1Ki and 64Ti")
    return value


def _is_number(written: object) -> bool:
    return isinstance(written, int | float) and not isinstance(written, bool)


def _power(unit: str) -> int | None:
    """The power of 1024 that a unit stands for; None when it is no unit of size."""
    letters = unit.lower()
    letters = letters.removesuffix("b") if letters != "b" else ""
    return _POWERS.get(letters.removesuffix("i") if len(letters) == 2 else letters)


def duration(written: object) -> int:
    """Return whole seconds: ``30s``, ``5m`` (minutes), ``1h30m``, ``90d``; no unit is seconds."""
    if isinstance(written, int) and not isinstance(written, bool):
        seconds = float(written)
    elif isinstance(written, str) and _DURATION.fullmatch(written.strip()):
        parts = _DURATION_PART.finditer(written)
        seconds = sum(float(part["number"]) * _SECONDS[part["unit"]] for part in parts)
    else:
        raise ValueError("should be a duration such as 30s (seconds), 5m (minutes) or 2h (hours)")
    if not 1 <= seconds <= LONGEST_DURATION:
        raise ValueError("should be a duration of at least 1s and at most ten years")
    return round(seconds)


def cpu(written: object) -> float:
    """Return cores: ``2``, ``0.5``, ``500m`` (thousandths of a core, as Kubernetes writes them)."""
    if isinstance(written, int | float) and not isinstance(written, bool):
        cores = float(written)
    elif isinstance(written, str) and (match := _CPU.fullmatch(written.strip())):
        cores = float(match["number"]) / (1000 if match["milli"] else 1)
    else:
        raise ValueError("should be a number of cores such as 1, 0.5 or 500m (half a core)")
    if not 0.01 <= cores <= LARGEST_CPU:
        raise ValueError("should be between 0.01 (10m) and 256 cores")
    return cores
