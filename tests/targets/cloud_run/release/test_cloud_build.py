"""An image that the cloud builds: what is asked, what is read from it, who may do what."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes.google import GoogleWorld
from golden_cases import deployed

from nuages.deploy.dry_run import planned
from nuages.errors import CloudRefused, InputNeeded, StepFailed
from nuages.steps.release import Release
from nuages.steps.stage import Outputs
from nuages.steps.step import Request
from nuages.targets.cloud_run import client
from nuages.targets.cloud_run.places import Places
from nuages.targets.cloud_run.release import builder, cloud_build, preparation
from nuages.targets.target import target

RELEASE = Release("r261121-193012", "jazz-club", builder="cloud")
PLACES = Places("jazz-club", "europe-west1", "gallery")
TAG = "europe-west1-docker.pkg.dev/jazz-club/gallery/web:r261121-193012"
KNOWN = Outputs({"registry": {"registryUri": TAG.rpartition("/")[0]}, "source": "12"})


def does(release: Release) -> list[str]:
    goal = target("cloud_run")
    assert goal is not None
    stages = planned(goal, deployed("plain_sqlite", "gcp"), release)
    return [step.does for stage in stages for step in stage.steps]


def place(found: list[str], part: str) -> int:
    return next(number for number, each in enumerate(found) if part in each)


def test_nothing_of_docker_runs_here() -> None:
    found = does(RELEASE)
    order = [
        place(found, "services.batchEnable"),
        place(found, "projects.serviceAccounts.create name"),
        place(found, "storage.v1 buckets.setIamPolicy"),
        place(found, "Dockerfile builds from, as .tar.gz"),
        place(found, "cloudbuild.v1 projects.locations.builds.create"),
        place(found, "until it has ended: cloudbuild.v1"),
        place(found, "storage.v1 objects.delete"),
        place(found, "-var=released=false"),
    ]
    assert order == sorted(order)
    assert "cloudbuild.googleapis.com" in found[order[0]]
    assert not [each for each in found if each.startswith(("docker", "DOCKER"))]


def test_a_release_that_is_built_here_needs_nothing_of_it() -> None:
    found = does(Release("r261121-193012", "jazz-club"))
    assert not [each for each in found if "cloudbuild" in each or "iam.v1" in each]


def started(release: Release) -> Request:
    found = next(s for s in cloud_build.stages(PLACES, release) if s.name == "build:start")
    (step,) = found.steps(KNOWN)
    assert isinstance(step, Request)
    return step


def test_the_build_is_of_this_source_and_by_its_own_account() -> None:
    body = started(RELEASE).body or {}
    assert body["source"]["storageSource"]["generation"] == "12"
    assert body["serviceAccount"].endswith("/gallery-builder@jazz-club.iam.gserviceaccount.com")
    assert body["images"] == [TAG]
    assert body["steps"][0]["args"][0] == "build"


def test_each_attempt_has_a_tag_of_its_own() -> None:
    again = Release("r261121-193012", "jazz-club", builder="cloud", attempt=2)
    assert (started(again).body or {})["images"] == [f"{TAG}-2"]


def test_a_dollar_is_no_substitution() -> None:
    odd = Release("r261121-193012", "jazz-club", dockerfile="cost$/Dockerfile")
    assert "--file=cost$$/Dockerfile" in (started(odd).body or {})["steps"][0]["args"]


def test_the_digest_is_that_of_what_was_pushed() -> None:
    images = [{"name": TAG, "digest": "sha256:2"}]
    found = cloud_build.digest({"results": {"images": images}})
    assert found == "europe-west1-docker.pkg.dev/jazz-club/gallery/web@sha256:2"
    with pytest.raises(StepFailed, match="has no digest"):
        cloud_build.digest({"results": {}})


def test_a_build_that_was_begun_is_not_begun_again() -> None:
    found = {stage.name: stage.remembered for stage in cloud_build.stages(PLACES, RELEASE)}
    assert [name for name, remembered in found.items() if remembered] == ["build:start", "image"]


def test_a_failure_ends_with_the_end_of_its_log() -> None:
    built = {"status": "TIMEOUT", "detail": "too slow", "url": "https://log", "images": []}
    entries = [{"textPayload": f"line {number}"} for number in range(60, 0, -1)]
    known = Outputs({**KNOWN.known, "built": built, "build:log": {"entries": entries}})
    with pytest.raises(StepFailed, match=r"TIMEOUT.*too slow") as raised:
        cloud_build.stages(PLACES, RELEASE)[-1].steps(known)
    assert raised.value.detail.splitlines()[-1] == "line 60"
    assert "https://log" in raised.value.hint


def test_who_may_not_build_there_is_told_of_the_other_way() -> None:
    wanted = preparation.permissions(deployed("plain_sqlite", "gcp"), RELEASE)
    allowed = [name for name in wanted if name != "cloudbuild.builds.create"]
    known = {
        "project": {"state": "ACTIVE"},
        "billing": {"billingEnabled": True},
        "allowed": {"permissions": allowed},
    }
    with pytest.raises(InputNeeded, match=r"cloudbuild\.builds\.create") as raised:
        preparation.judge(PLACES, wanted, Outputs(known))
    assert "Docker engine" in raised.value.hint


@pytest.mark.parametrize("site", ["a", "a" * 22, "a" * 23, "a" * 30, f"{'a' * 14}-{'b' * 15}"])
def test_the_account_fits_what_google_allows(site: str) -> None:
    assert 6 <= len(Places("p", "r", site).builder_id) <= 30


def test_policies_keep_what_others_have_written() -> None:
    other = {"role": "roles/viewer", "members": ["user:ann@example.com"]}
    binding = {"role": "roles/x", "members": ["serviceAccount:b"], "condition": {"expression": "e"}}
    found = builder.with_binding({"etag": "1", "version": 1, "bindings": [other]}, binding)
    assert found == {"etag": "1", "version": 3, "bindings": [other, binding]}
    assert builder.has(found, binding)
    assert not builder.has(found, {**binding, "condition": {"expression": "another"}})


@pytest.fixture
def cloud(world: GoogleWorld, monkeypatch: pytest.MonkeyPatch) -> client.GoogleCloud:
    for name, value in world.environment().items():
        monkeypatch.setenv(name, value)
    return client.GoogleCloud.of(world.environment())


@pytest.fixture
def world(tmp_path: Path) -> Iterator[GoogleWorld]:
    with GoogleWorld(tmp_path / "world") as running:
        yield running


def test_the_account_is_given_its_roles_once(cloud: client.GoogleCloud, world: GoogleWorld) -> None:
    made = Request("", "storage.v1", "buckets.insert", {"project": "jazz-club"})
    cloud.send(Request(**{**made.__dict__, "body": {"name": PLACES.state}}))
    given = {"parent": PLACES.location, "repositoryId": PLACES.site}
    method = "projects.locations.repositories.create"
    cloud.send(Request("", "artifactregistry.v1", method, given, {"format": "DOCKER"}))
    assert [count(cloud) for _ in range(2)] == [3, 0]
    member = f"serviceAccount:{PLACES.builder}"
    policies = (PLACES.root, PLACES.registry, f"buckets/{PLACES.state}")
    roles = [b["role"] for p in policies for b in world.policies.get(p)["bindings"]]
    assert roles == [builder.LOGS, builder.PUSHES, builder.READS]
    assert world.policies.members(PLACES.root, builder.LOGS) == {member}


def count(cloud: client.GoogleCloud) -> int:
    """Does the stages; how many roles were given."""
    outputs, given = Outputs(), 0
    for stage in builder.stages(PLACES):
        for step in stage.steps(outputs):
            request = step if isinstance(step, Request) else step.request
            answer = cloud.send(request)
            if request.output:
                outputs = outputs.having(request.output, answer)
            given += request.method.endswith("setIamPolicy")
    return given


def test_a_change_in_the_meantime_is_not_overwritten(
    cloud: client.GoogleCloud, world: GoogleWorld
) -> None:
    *_, look, grant = builder.stages(PLACES)
    asked = look.steps(Outputs())[0]
    policy = cloud.send(asked)
    world.policies.set(PLACES.root, {"bindings": [{"role": "roles/viewer", "members": ["user:a"]}]})
    step = grant.steps(Outputs({"policy:project": policy}))[0]
    with pytest.raises(CloudRefused, match="concurrent policy changes"):
        cloud.send(step)


def test_an_archive_of_several_chunks_arrives_whole(
    cloud: client.GoogleCloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "CHUNK", 256 * 1024)
    cloud.send(
        Request(
            "",
            "storage.v1",
            "buckets.insert",
            {"project": "jazz-club"},
            {"name": PLACES.state, "versioning": {"enabled": True}},
        )
    )
    data = bytes(range(256)) * 4000
    (tmp_path / "archive").write_bytes(data)

    first = cloud.upload(PLACES.state, "sources/a", tmp_path / "archive")

    objects = cloud.rest.service("storage.v1").objects()
    found = objects.get_media(bucket=PLACES.state, object="sources/a", generation=first)
    assert found.execute() == data
    assert cloud.upload(PLACES.state, "sources/a", tmp_path / "archive") != first
