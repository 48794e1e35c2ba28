"""A first release that goes wrong again and again, each time a little later, and then completes."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from release.faults import FAULTS, Case
from release.points import first_points, points
from release.programs import Programs
from release.site import Site
from release.wholeness import demand_whole

pytestmark = [pytest.mark.slow, pytest.mark.docker, pytest.mark.xdist_group("faults-first")]
BEFALLS = (
    ("secrets.addVersion[values:tally-secret-key]", "refused"),
    ("secrets.create[values:tally-secret-key]", "sigkill"),
    ("terraform.apply[infrastructure]", "sigkill"),
    ("terraform.plan[service-plan]", "refused"),
    ("terraform.apply[service]", "dies"),
    ("terraform.apply[service]", "sigkill"),
    ("services.setIamPolicy[open]", "refused"),
    ("services.setIamPolicy[open]", "sigkill"),
)


@pytest.fixture
def case(site: Site, programs: Programs, at: str) -> Iterator[Case]:
    point = next(each for each in first_points() if each.id == at)
    found = Case(site, point, programs)
    yield found
    found.clear()


@pytest.mark.parametrize(("at", "fault"), BEFALLS, ids=[f"{at}-{how}" for at, how in BEFALLS])
def test_nobody_is_let_in_before_all_is_done(case: Case, at: str, fault: str) -> None:
    assert FAULTS[fault](case).status != 0
    opened = (at, fault) == BEFALLS[-1]  # killed once the policy was set: all was asked before
    expected = (200,) if opened else (403, 404, 503)
    assert httpx.get(case.site.address, timeout=20).status_code in expected


def test_it_completes_once_nothing_goes_wrong(site: Site, programs: Programs) -> None:
    name = site.change()
    site.nuages("deploy", "--no-check")
    assert site.page() == {"version": name, "runs": [name]}
    demand_whole(site, programs)


def test_every_step_that_only_a_first_release_has_is_known() -> None:
    later = {point.id for point in points()}
    stages = {point.stage for point in first_points() if point.id not in later}
    assert stages == {"values", "service-plan", "service", "open"}
