"""The nouns of an estimate."""

from __future__ import annotations

import pytest

from nuages.estimate import (
    ELSEWHERE,
    PRODUCTION,
    Estimate,
    Line,
    Range,
    Source,
    always,
    each,
    usual,
)

PAGE = Source("A page", "https://example.com", "undated", "2026-11-21", "provider")
OTHER = Source("Another", "https://example.org", "undated", "2026-11-21", "low")


def line(group: str, monthly: Range, source: Source = PAGE) -> Line:
    return Line(group, "thing", always(1), "hour", 1.0, monthly, source)


def test_ranges() -> None:
    assert Range(1, 2, 3) + always(1) == Range(2, 3, 4)
    assert Range(1, 2, 3) - always(1) == Range(0, 1, 2)
    assert Range(1, 2, 3) * 2 == Range(2, 4, 6)
    assert each(max, Range(1, 5, 3), always(2)) == Range(2, 5, 3)


def test_an_estimate_adds_up() -> None:
    lines = (line("a", always(1)), line("b", Range(1, 5, 9)), line("a", always(2), OTHER))
    found = Estimate((*lines, line("c", always(0), OTHER)), "2026-11-21")
    assert found.total == Range(4, 8, 12)
    assert list(found.groups.items()) == [
        ("b", Range(1, 5, 9)),
        ("a", always(3)),
        ("c", always(0)),
    ]
    assert found.sources == (PAGE, OTHER)
    assert Estimate((), "2026-11-21").total == always(0)


@pytest.mark.parametrize("traffic", [PRODUCTION, ELSEWHERE])
def test_assumptions_rise(traffic: object) -> None:
    for name in ("requests", "duration", "egress", "uploads", "releases"):
        said: Range = getattr(traffic, name)
        assert 0 < said.low < said.expected < said.high


def test_only_production_has_visitors() -> None:
    assert usual("production") is PRODUCTION
    assert usual("staging") is ELSEWHERE
