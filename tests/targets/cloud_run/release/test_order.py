"""The order of a release, from a deployment, with nothing run."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from golden_cases import CASES, deployed

from nuages.deploy.dry_run import PlannedStage, planned
from nuages.steps.release import Release
from nuages.targets.target import target

ASKED = ("GET ‹candidate›", "/jobs/roastery-nuages-probe")
"""From here, or where a load balancer stands before the site by a job inside the network."""
RELEASE = Release("r261121-193012", "jazz-1910", canary=(10, 50, 100))


def stages(case: str) -> tuple[PlannedStage, ...]:
    goal = target("cloud_run")
    assert goal is not None
    return planned(goal, deployed(case, "gcp"), RELEASE)


def does(case: str) -> Iterator[str]:
    return (step.does for stage in stages(case) for step in stage.steps)


def place(found: list[str], part: str) -> int:
    return next(number for number, each in enumerate(found) if part in each)


@pytest.mark.parametrize("case", CASES)
def test_everything_is_ready_before_anybody_is_sent_there(case: str) -> None:
    found = list(does(case))
    order = [
        place(found, "projects.testIamPermissions"),
        place(found, "services.batchEnable"),
        place(found, "docker build"),
        place(found, "-var=released=false"),
        place(found, "jobs.run name=projects/jazz-1910/locations"),
        place(found, "-var=released=true"),
        place(found, "updateMask=template,traffic"),
        place(found, ASKED[case == "split_postgres"]),
        place(found, '"percent": 10,'),
        place(found, '"percent": 50,'),
        place(found, '"percent": 100}]}'),
        place(found, "services.setIamPolicy resource"),
    ]
    assert order == sorted(order)


@pytest.mark.parametrize("case", CASES)
def test_migrations_run_once_and_before_the_service_is_there(case: str) -> None:
    found = list(does(case))
    starts = [number for number, each in enumerate(found) if "jobs.run " in each]
    migrate = [number for number in starts if "-migrate" in found[number]]

    assert len(migrate) == 1
    assert migrate[0] < place(found, "-var=released=true")


@pytest.mark.parametrize("case", CASES)
def test_a_release_is_data_that_json_holds(case: str) -> None:
    assert json.loads(json.dumps([[s.does for s in stage.steps] for stage in stages(case)]))
