"""How often a cron expression comes round in a month."""

from __future__ import annotations

_BOUNDS = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 6))
DAYS = 730 / 24
_SATURDAY = 6  # seven is Sunday again


def runs(schedule: str) -> float:
    """Runs of a month with 730 hours, of five cron fields.

    Where day of month and day of week are both said, either counts, as cron has it.
    """
    minute, hour, day, month, weekday = (
        _share(field, bounds) for field, bounds in zip(schedule.split(), _BOUNDS, strict=True)
    )
    days = day * weekday if 1 in (day, weekday) else 1 - (1 - day) * (1 - weekday)
    return 60 * minute * 24 * hour * days * month * DAYS


def _share(field: str, bounds: tuple[int, int]) -> float:
    """Of all values that a field could have, the share that it takes."""
    lowest, highest = bounds
    taken = [
        any(_takes(part, n, bounds) for part in field.split(","))
        or (highest == _SATURDAY and any(_takes(part, n + 7, bounds) for part in field.split(",")))
        for n in range(lowest, highest + 1)
    ]
    return sum(taken) / len(taken)


def _takes(part: str, number: int, bounds: tuple[int, int]) -> bool:
    span, _, step = part.partition("/")
    first, last = bounds
    if span != "*":
        start, dash, end = span.partition("-")
        first = _number(start)
        last = _number(end) if dash else (bounds[1] if step else first)
    return first <= number <= last and (number - first) % int(step or 1) == 0


_NAMES = ("jan feb mar apr may jun jul aug sep oct nov dec", "sun mon tue wed thu fri sat")


def _number(written: str) -> int:
    if written.isdecimal():
        return int(written)
    months, days = (names.split() for names in _NAMES)
    name = written.lower()[:3]
    return months.index(name) + 1 if name in months else days.index(name)
