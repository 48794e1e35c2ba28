"""Every step of a release with everything that can go wrong there.

Whatever happens: the old revision serves or the new one does, the next deployment completes, no
migration runs twice, and nothing stays behind.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from release.faults import FAULTS, Case
from release.points import Point, points
from release.programs import Programs
from release.site import Site, Visitors
from release.wholeness import demand_whole

pytestmark = [pytest.mark.slow, pytest.mark.docker]
FIRST = {point.stage: point for point in reversed(points())}
MATRIX = [
    (point, fault)
    for point in points()
    for fault in FAULTS
    if fault != "sigint" or FIRST[point.stage] is point  # Ctrl-C: once in each stage
]
GROUPS = 3
"""Worlds: a third of the steps happen in each."""


def _param(point: Point, fault: str) -> object:
    group = pytest.mark.xdist_group(f"faults-{point.number % GROUPS}")
    return pytest.param(point, fault, id=f"{point.id}-{fault}", marks=group)


@pytest.fixture(scope="module")
def released(site: Site, programs: Programs) -> Site:
    """A site that serves its first release."""
    site.nuages("deploy", "--no-check")
    return site


@pytest.fixture
def case(released: Site, programs: Programs, point: Point) -> Iterator[Case]:
    found = Case(released, point, programs)
    yield found
    found.clear()


@pytest.mark.parametrize(("point", "fault"), [_param(*each) for each in MATRIX])
def test_a_fault_takes_nothing_away(case: Case, programs: Programs, fault: str) -> None:
    site = case.site
    before = site.page()["version"]
    name = site.change()

    with Visitors.of(site.address) as visitors:
        ended = FAULTS[fault](case)
        case.clear()
        if ended.status:
            assert site.page()["version"] in (before, name)
            site.nuages("deploy", "--no-check")
    page = site.page()

    assert visitors.refused == {}
    assert set(visitors.answers) <= {before, name}
    assert page["version"] == name
    assert page["runs"].count(name) == 1, page["runs"]
    demand_whole(site, programs)


def test_the_matrix_has_every_step_of_a_second_release() -> None:
    stages = {point.stage for point in points()}
    assert {"preflight", "image", "plan", "infrastructure", "migrate:run", "shift"} <= stages
    assert len(MATRIX) >= 120
