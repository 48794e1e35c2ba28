"""The order in which everybody learns another password."""

from __future__ import annotations

import pytest
from fakes.google import GoogleWorld

from nuages.errors import StepFailed

from . import released

NAMES = {
    "addVersion": "value",
    "services.patch": "service",
    "jobs.run": "database",
    "users.update": "administrator",
    "workerPools.patch": "worker",
}


def done(world: GoogleWorld, since: int) -> list[str]:
    """What was changed, in order."""
    found = []
    for call in world.log[since:]:
        ending = call.method.rpartition("projects.")[2] or call.method
        name = next((n for end, n in NAMES.items() if ending.endswith(end)), None)
        if name == "service":
            name = "revision" if "template" in (call.body or {}) else "traffic"
        if name:
            found.append(name)
    return found


def test_the_database_learns_it_when_somebody_is_ready_to_use_it(
    nuages, world: GoogleWorld
) -> None:
    released.release(world)
    since = len(world.log)
    said = nuages("secrets", "rotate", "DB_PASSWORD", "--json")
    assert (said.status, said.json["given"][0]["taken"]) == (0, True)
    assert done(world, since) == ["value", "revision", "database", "traffic", "worker"]
    newest, *_ = nuages("status", "--json").json["revisions"]
    assert newest["percent"] == 100
    assert newest["name"] != "club-r2"
    assert newest["release"] == "r2"


def test_nobody_is_sent_to_a_password_that_the_database_did_not_take(
    nuages, world: GoogleWorld
) -> None:
    released.release(world)
    nuages("secrets", "set", "DB_PASSWORD", stdin="o'ld & true%")
    world.job_exits("club-db-init", 1)
    said = nuages("secrets", "rotate", "DB_PASSWORD")
    assert said.status == StepFailed.exit_code
    serving = [r for r in nuages("status", "--json").json["revisions"] if r["percent"]]
    assert [r["name"] for r in serving] == ["club-r2"]
    newest = released.client().secret(f"{released.PROJECT}/secrets/club-db-password")
    assert newest == "o'ld & true%"


def test_a_revision_that_does_not_start_leaves_the_database_alone(
    nuages, world: GoogleWorld
) -> None:
    released.release(world)
    world.revision_never_ready("club")
    since = len(world.log)
    assert nuages("secrets", "rotate", "DB_PASSWORD").status != 0
    assert "database" not in done(world, since)


def test_the_administrators_is_told_to_the_server_only(nuages, world: GoogleWorld) -> None:
    released.release(world)
    since = len(world.log)
    assert nuages("secrets", "rotate", "DB_ADMIN_PASSWORD").status == 0
    assert done(world, since) == ["value", "administrator"]


@pytest.mark.parametrize("name", ["DB_PASSWORD", "DB_ADMIN_PASSWORD"])
def test_before_the_first_release_there_is_nobody_to_tell(
    nuages, world: GoogleWorld, name: str
) -> None:
    assert nuages("secrets", "rotate", name, "--json").status == 0
    assert done(world, 0) == ["value"]
