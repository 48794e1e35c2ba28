from __future__ import annotations

from typing import Any

import pytest
from fakes.google import GoogleWorld

from nuages.errors import InputNeeded, StepFailed, UsageError

from . import released


def calls(world: GoogleWorld, name: str) -> list[tuple[Any, ...]]:
    return [call for call in world.runtime.calls if call[0] == name]


def backed_up(nuages) -> str:
    said = nuages("db", "backup", "--json")
    assert said.status == 0
    newest = said.json["backups"][0]
    assert (newest["state"], newest["kind"]) == ("successful", "on_demand")
    return str(newest["id"])


def test_a_backup_is_waited_for_and_listed(nuages, world: GoogleWorld) -> None:
    released.release(world)
    assert "no backup yet" in nuages("db", "backup", "--list").out
    made = backed_up(nuages)
    assert calls(world, "back_up") == [("back_up", released.INSTANCE, f"club-12ab/{made}")]
    assert made in nuages("db", "backup", "--list").out


def test_it_is_brought_back_over_a_copy_of_what_was_there(nuages, world: GoogleWorld) -> None:
    released.release(world)
    made = backed_up(nuages)
    said = nuages("db", "restore", made, "--yes", "club", "--json")
    assert (said.status, said.json["backup"], said.json["readable"]) == (0, made, True)
    told = [call[0] for call in world.runtime.calls][-5:]
    assert told == ["back_up", "restore", "set_user", "run_execution", "run_execution"]
    ran = [call[2]["job"] for call in calls(world, "run_execution")]
    assert ran == ["club-db-init", "club-run"]


@pytest.mark.parametrize("word", ["other", "CLUB", ""])
def test_nothing_is_replaced_without_the_right_word(nuages, world: GoogleWorld, word: str) -> None:
    released.release(world)
    made = backed_up(nuages)
    for words in (("--yes", word), ()):
        assert nuages("db", "restore", made, *words).status == InputNeeded.exit_code
    assert calls(world, "restore") == []


def test_a_drill_leaves_nothing_and_touches_nothing(nuages, world: GoogleWorld) -> None:
    released.release(world)
    made = backed_up(nuages)
    said = nuages("db", "restore", "latest", "--drill", "--json")
    assert (said.status, said.json["backup"]) == (0, made)
    drill = said.json["instance"]
    assert drill.startswith("club-drill-")
    assert calls(world, "restore") == [("restore", f"club-12ab/{made}", drill)]
    assert calls(world, "stop_database") == [("stop_database", drill)]
    init, check = (call[2] for call in calls(world, "run_execution"))
    hosts = {e["name"]: e.get("value") for e in check["template"]["containers"][0]["env"]}
    assert hosts["NUAGES_OLD_HOST"] == "10.1.0.3"
    assert {"name": "DB_HOST", "value": hosts["NUAGES_NEW_HOST"]} in (
        init["template"]["containers"][0]["env"]
    )
    assert nuages("status", "--json").json["leftovers"] == []


@pytest.mark.parametrize(
    "broken", ["sql.instances.restoreBackup", "sql.users.update", "run.projects.locations.jobs.run"]
)
def test_a_drill_that_fails_is_cleared_away(nuages, world: GoogleWorld, broken: str) -> None:
    released.release(world)
    backed_up(nuages)
    world.fail(broken, 403, times=9)
    said = nuages("db", "restore", "latest", "--drill")
    assert said.status != 0
    assert nuages("status", "--json").json["leftovers"] == []


def test_what_cannot_be_read_is_no_success(nuages, world: GoogleWorld) -> None:
    released.release(world)
    backed_up(nuages)
    world.job_exits("club-run", 1)
    said = nuages("db", "restore", "latest", "--drill", "--json")
    assert said.status == StepFailed.exit_code
    assert said.json["readable"] is False
    assert nuages("status", "--json").json["leftovers"] == []


def test_another_id_is_answered_with_those_there_are(nuages, world: GoogleWorld) -> None:
    released.release(world)
    made = backed_up(nuages)
    said = nuages("db", "restore", "17", "--drill")
    assert said.status == UsageError.exit_code
    assert made in said.err
    assert calls(world, "start_database") == [("start_database", released.INSTANCE)]
