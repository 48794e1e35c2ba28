"""A job of a release: run once, whoever has started it, and never beside another of its kind."""

from __future__ import annotations

from typing import Any

from nuages.steps.release import Release
from nuages.steps.stage import Outputs, Stage
from nuages.steps.step import Await, Request, Step
from nuages.targets.cloud_run.places import Places
from nuages.targets.cloud_run.release.jobs import MARK, once

PLACES = Places("jazz-1910", "europe-west1", "gallery")
RELEASE = Release("r261121-193012", "jazz-1910")
ENDED = {"completionTime": "2026-11-21T19:30:12Z"}


def execution(number: int, release: str, **more: Any) -> dict[str, Any]:
    env = [{"name": MARK, "value": release}]
    name = f"{PLACES.job('migrate')}/executions/gallery-migrate-{number}"
    return {"name": name, "template": {"containers": [{"env": env}]}, **more}


def steps(stage: str, *executions: dict[str, Any]) -> list[Step]:
    stages: tuple[Stage, ...] = once(PLACES, RELEASE, "migrate", 60, "Migrate")
    found = next(each for each in stages if each.name == f"migrate:{stage}")
    started = {"metadata": {"name": "the-new-one"}}
    known = {"executions:migrate": {"executions": executions}, "started:migrate": started}
    return list(found.steps(Outputs(known)))


def waited_for(found: list[Step]) -> list[str]:
    return [each.request.parameters["name"] for each in found if isinstance(each, Await)]


def test_it_is_started_where_there_is_none() -> None:
    (start,) = steps("run")
    assert isinstance(start, Request)
    assert start.method.endswith("jobs.run")
    assert steps("others") == []


def test_what_an_earlier_release_left_running_ends_first() -> None:
    running, over = execution(1, "r261120-080000"), execution(2, "r261119-080000", **ENDED)
    assert waited_for(steps("others", running, over)) == [running["name"]]
    assert len(steps("run", running, over)) == 1


def test_its_own_is_gone_on_with_and_not_waited_for_twice() -> None:
    own = execution(1, RELEASE.id)
    assert steps("others", own) == []
    assert steps("run", own) == []
    assert waited_for(steps("wait", own)) == [own["name"]]


def test_one_of_its_own_that_did_not_end_well_is_started_again() -> None:
    cancelled = execution(1, RELEASE.id, **ENDED, cancelledCount=1)
    failed = execution(2, RELEASE.id, **ENDED, failedCount=1)
    assert len(steps("run", cancelled, failed)) == 1
    assert waited_for(steps("wait", cancelled, failed)) == ["the-new-one"]


def test_one_that_has_ended_well_is_not_run_again() -> None:
    assert steps("run", execution(1, RELEASE.id, **ENDED, succeededCount=1)) == []
