from __future__ import annotations

import pytest
from fakes.google import GoogleWorld

from nuages.deploy.lease import held
from nuages.errors import CloudRefused
from nuages.steps.step import Request

from . import released


def test_before_the_first_release(nuages) -> None:
    said = nuages("status")
    assert said.status == 0
    assert "There is no site yet" in said.out


def test_a_site_that_is_well(nuages, world: GoogleWorld) -> None:
    released.release(world)
    said = nuages("status", "--json")
    found = said.json
    assert said.status == 0
    assert (found["url"], found["ready"]) == ("https://club.example", True)
    assert found["release"]["id"] == "r2"
    assert [(r["name"], r["percent"], r["release"]) for r in found["revisions"]] == [
        ("club-r2", 100, "r2"),
        ("club-r1", 0, "r1"),
    ]
    assert found["database"]["state"] == "runnable"
    assert (found["unfinished"], found["holder"], found["leftovers"]) == (None, None, [])


def test_what_is_left_over_is_named(nuages, world: GoogleWorld) -> None:
    cloud = released.release(world)
    left = [
        released.job("club-old"),
        released.job("club-staging-migrate"),
        released.job("clubhouse-migrate"),
        released.revision(3, released.all_to(2, candidate=3)),
        Request(
            "s",
            "secretmanager.v1",
            "projects.secrets.create",
            {"parent": released.PROJECT, "secretId": "club-forgotten"},
            {"replication": {"automatic": {}}},
        ),
        *released.database("club-drill-1"),
    ]
    released.perform(world, cloud, left)

    said = nuages("status", "--json")
    assert {(each["kind"], each["name"]) for each in said.json["leftovers"]} == {
        ("job", "club-old"),
        ("candidate", "club-r3"),
        ("secret", "club-forgotten"),
        ("database", "club-drill-1"),
    }
    assert "club-forgotten" in nuages("status").out


def test_a_release_that_died_is_told_of(nuages, world: GoogleWorld) -> None:
    released.release(world, released.entry(3, status="begun", stage="migrate:run"))
    said = nuages("status")
    assert "r3 died at migrate:run" in said.out
    assert nuages("status", "--json").json["unfinished"]["stage"] == "migrate:run"


def test_whoever_is_at_it_is_named(nuages, world: GoogleWorld) -> None:
    cloud = released.release(world)
    with held(cloud, "jazz-1910-nuages", "club", "r9"):
        said = nuages("status")
    assert "is at a release now: r9" in said.out
    assert nuages("status", "--json").json["holder"] is None


def test_a_revision_that_does_not_come_up_says_why(nuages, world: GoogleWorld) -> None:
    cloud = released.release(world)
    world.revision_never_ready("club")
    with pytest.raises(CloudRefused):
        released.perform(world, cloud, [released.revision(3, released.all_to(2))])
    newest = nuages("status", "--json").json["revisions"][0]
    assert (newest["name"], newest["ready"]) == ("club-r3", False)
    assert newest["message"]


def test_a_refusal_is_told_in_the_clouds_own_words(nuages, world: GoogleWorld) -> None:
    world.fail("run.projects.locations.jobs.list", 403, times=9)
    said = nuages("status")
    assert said.status == CloudRefused.exit_code
    assert "403" in said.err
    assert "Traceback" not in said.err
