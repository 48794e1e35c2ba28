"""What a deployment costs a month, line by line: neutral nouns that every target fills.

Money is US dollars without tax, a month has 730 hours, sizes are bytes, durations seconds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Literal

HOURS = 730.0
"""Of a month, as price lists count (https://cloud.google.com/products/calculator)."""
MONTH = HOURS * 3600
"""Seconds."""
KIB, GIB = 1024.0, 1024.0**3


@dataclass(frozen=True)
class Range:
    """A figure for a quiet month, an ordinary one and a busy one."""

    low: float
    expected: float
    high: float

    def __add__(self, other: Range) -> Range:
        return each(add, self, other)

    def __sub__(self, other: Range) -> Range:
        return each(lambda ours, theirs: ours - theirs, self, other)

    def __mul__(self, factor: float) -> Range:
        return each(lambda figure: figure * factor, self)


def always(figure: float) -> Range:
    """The same in every month."""
    return Range(figure, figure, figure)


def each(function: Callable[..., float], *ranges: Range) -> Range:
    """Apply a function to the quiet months, then to the ordinary ones, then to the busy ones."""
    return Range(
        function(*(r.low for r in ranges)),
        function(*(r.expected for r in ranges)),
        function(*(r.high for r in ranges)),
    )


@dataclass(frozen=True)
class Traffic:
    """What is assumed of a month; nothing of it can be known before."""

    requests: Range
    duration: Range
    """Of a request on average, in seconds."""
    egress: Range
    """Bytes that visitors load."""
    uploads: Range
    """Bytes in the bucket of uploads."""
    releases: Range


PRODUCTION = Traffic(
    requests=Range(50_000, 500_000, 5_000_000),
    duration=Range(0.1, 0.2, 0.3),
    egress=Range(50_000 * 20 * KIB, 500_000 * 40 * KIB, 5_000_000 * 60 * KIB),
    uploads=Range(1 * GIB, 5 * GIB, 50 * GIB),
    releases=Range(4, 20, 60),
)
ELSEWHERE = Traffic(
    requests=PRODUCTION.requests * 0.02,
    duration=PRODUCTION.duration,
    egress=PRODUCTION.egress * 0.02,
    uploads=PRODUCTION.uploads * 0.1,
    releases=PRODUCTION.releases,
)
"""Of an environment that only its makers visit."""


def usual(environment: str) -> Traffic:
    """What is assumed where nobody says anything."""
    return PRODUCTION if environment == "production" else ELSEWHERE


@dataclass(frozen=True)
class Source:
    """Where a price was read."""

    title: str
    url: str
    published: str
    """The day or month of what was read; "undated" where it bears none."""
    read: str
    confidence: Literal["provider", "catalogue", "secondary", "low"]
    """The provider's own page, its catalogue as somebody keeps it, an article, or hardly more
    than a hint."""


@dataclass(frozen=True)
class Line:
    """One thing that is billed."""

    group: str
    resource: str
    quantity: Range
    unit: str
    price: float
    """Of one unit; of the first units where more of them are cheaper."""
    monthly: Range
    source: Source
    assumption: str = ""


@dataclass(frozen=True)
class Estimate:
    """Everything that one environment is billed for."""

    lines: tuple[Line, ...]
    dated: str
    """The day on which the prices were read."""
    assumptions: tuple[str, ...] = ()
    unpriced: tuple[str, ...] = ()
    """What costs money and could not be priced: the total is too low by it."""
    gives_up: tuple[str, ...] = ()
    """What this price goes without."""

    @property
    def total(self) -> Range:
        return reduce(add, (line.monthly for line in self.lines), always(0))

    @property
    def groups(self) -> dict[str, Range]:
        """Group → its sum, the dearest in an ordinary month first."""
        found: dict[str, Range] = {}
        for line in self.lines:
            found[line.group] = found.get(line.group, always(0)) + line.monthly
        return dict(sorted(found.items(), key=lambda item: -item[1].expected))

    @property
    def sources(self) -> tuple[Source, ...]:
        """Of the lines that cost anything, each once."""
        billed = (line.source for line in self.lines if line.monthly.high)
        return tuple(dict.fromkeys(billed))


@dataclass(frozen=True)
class Saving:
    """One change, and what the whole month costs with it."""

    change: str
    gives_up: str
    monthly: Range
    saved: Range
