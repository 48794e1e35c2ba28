"""What is asked again where an answer is lost or refused for a moment, and what is not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes.google import GoogleWorld

from nuages.errors import CloudRefused
from nuages.steps.step import Request
from nuages.targets.cloud_run.client import GoogleCloud

PARENT = "projects/jazz-club/locations/europe-west1"
AT = "projects.locations."
JOB = {"template": {"template": {"containers": [{"image": "example.com/web"}]}}}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[GoogleWorld]:
    with GoogleWorld(tmp_path / "world") as running:
        yield running


@pytest.fixture
def cloud(world: GoogleWorld, monkeypatch: pytest.MonkeyPatch) -> GoogleCloud:
    given = world.environment()
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", given["GOOGLE_APPLICATION_CREDENTIALS"])
    found = GoogleCloud.of(given)
    create = Request("A job", "run.v2", f"{AT}jobs.create", {"parent": PARENT, "jobId": "m"}, JOB)
    found.send(create)
    bucket = {"name": "beside-the-state"}
    given_project = {"project": "jazz-club"}
    found.send(Request("A bucket", "storage.v1", "buckets.insert", given_project, bucket))
    return found


def asked(world: GoogleWorld, method: str) -> list[int]:
    return [each.status for each in world.log if each.method == method]


@pytest.mark.parametrize("status", [429, 500, 503, 504])
def test_reading_is_asked_again(world: GoogleWorld, cloud: GoogleCloud, status: int) -> None:
    method = f"run.{AT}jobs.get"
    world.fail(method, status)
    found = cloud.send(Request("It", "run.v2", f"{AT}jobs.get", {"name": f"{PARENT}/jobs/m"}))
    assert found["name"].endswith("/m")
    assert asked(world, method) == [status, 200]


def test_reading_that_is_forbidden_is_not(world: GoogleWorld, cloud: GoogleCloud) -> None:
    method = f"run.{AT}jobs.get"
    world.fail(method, 403)
    with pytest.raises(CloudRefused, match="403"):
        cloud.send(Request("It", "run.v2", f"{AT}jobs.get", {"name": f"{PARENT}/jobs/m"}))
    assert asked(world, method) == [403]


def test_a_job_is_never_started_twice(world: GoogleWorld, cloud: GoogleCloud) -> None:
    method = f"run.{AT}jobs.run"
    world.fail(method, 503, after_effect=True)
    run = Request("Run", "run.v2", f"{AT}jobs.run", {"name": f"{PARENT}/jobs/m"}, {})
    with pytest.raises(CloudRefused, match="503"):
        cloud.send(run)
    world.cut(method)
    with pytest.raises(CloudRefused, match="cannot be reached"):
        cloud.send(run)
    assert asked(world, method) == [503, 0]


@pytest.mark.parametrize("status", [429, 503])
def test_what_was_written_though_the_answer_was_lost_counts(
    world: GoogleWorld, cloud: GoogleCloud, status: int
) -> None:
    world.fail("storage.objects.insert", status, after_effect=True)
    version = cloud.write("beside-the-state", "journal.json", "{}", None)
    found = cloud.read("beside-the-state", "journal.json")
    assert found is not None
    assert (found.text, found.version) == ("{}", version)


def test_an_operation_that_fails_says_what_to_do(world: GoogleWorld, cloud: GoogleCloud) -> None:
    patch = Request("It", "run.v2", f"{AT}jobs.patch", {"name": f"{PARENT}/jobs/m"}, JOB)
    world.end_operation_in_error(f"run.{AT}jobs.patch")
    with pytest.raises(CloudRefused, match="Internal error") as refused:
        _to_the_end(cloud, patch)
    assert refused.value.hint


def _to_the_end(cloud: GoogleCloud, request: Request) -> None:
    ended, answer = False, cloud.send(request)
    while not ended:
        ended, answer = cloud.poll(request, answer)
