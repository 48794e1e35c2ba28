"""Cloud SQL through googleapiclient."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from fakes.google import GoogleWorld
from fakes.google.still import StillRuntime
from googleapiclient.errors import HttpError

Client = Callable[[str], Any]
PROJECT = {"project": "jazz-club"}
SETTINGS = {
    "tier": "db-f1-micro",
    "ipConfiguration": {"privateNetwork": "projects/jazz-club/global/networks/vpc"},
}


class Sql:
    def __init__(self, client: Client, world: GoogleWorld) -> None:
        self.api = client("sqladmin.v1")
        assert isinstance(world.runtime, StillRuntime)
        self.runtime = world.runtime

    def waited(self, request: Any, ok: bool = True) -> Any:
        operation = request.execute()
        for _ in range(100):
            found = self.api.operations().get(operation=operation["name"], **PROJECT).execute()
            if found["status"] == "DONE":
                assert ("error" in found) is not ok, found
                return found
            time.sleep(0.02)
        raise AssertionError(operation)

    def made(self, name: str = "site") -> Any:
        body = {"name": name, "databaseVersion": "POSTGRES_17", "region": "europe-west1"}
        insert = self.api.instances().insert
        self.waited(insert(body={**body, "settings": SETTINGS, "rootPassword": "p"}, **PROJECT))
        return self.api.instances().get(instance=name, **PROJECT).execute()

    def calls(self) -> list[str]:
        return [str(call[0]) for call in self.runtime.calls]


@pytest.fixture
def sql(client: Client, world: GoogleWorld) -> Sql:
    return Sql(client, world)


def test_instance(world: GoogleWorld, sql: Sql) -> None:
    instance = sql.made()
    assert instance["state"] == "RUNNABLE"
    assert instance["connectionName"] == "jazz-club:europe-west1:site"
    assert instance["ipAddresses"][0]["type"] == "PRIVATE"
    assert "rootPassword" not in instance
    assert sql.calls()[-2:] == ["start_database", "set_user"]
    listed = sql.api.instances().list(**PROJECT).execute()
    assert [each["name"] for each in listed["items"]] == ["site"]


def test_a_name_is_taken_for_a_week(sql: Sql) -> None:
    sql.made()
    sql.waited(sql.api.instances().delete(instance="site", **PROJECT))
    with pytest.raises(HttpError, match="until one week from the deletion") as refused:
        sql.made()
    assert refused.value.resp.status == 409


def test_backup_and_restore(sql: Sql) -> None:
    sql.made()
    sql.made("scratch")
    runs = sql.api.backupRuns()
    body = {"description": "before the release"}
    sql.waited(runs.insert(instance="site", body=body, **PROJECT))
    (run,) = runs.list(instance="site", **PROJECT).execute()["items"]
    assert (run["status"], run["description"]) == ("SUCCESSFUL", "before the release")
    context = {"backupRunId": run["id"], "instanceId": "site"}
    sql.waited(
        sql.api.instances().restoreBackup(
            instance="scratch", body={"restoreBackupContext": context}, **PROJECT
        )
    )
    assert sql.runtime.calls[-1] == ("restore", f"site/{run['id']}", "scratch")
    with pytest.raises(HttpError, match="backup run does not exist"):
        runs.get(instance="site", id="1", **PROJECT).execute()


def test_clone(sql: Sql) -> None:
    sql.made()
    body = {"cloneContext": {"destinationInstanceName": "drill"}}
    sql.waited(sql.api.instances().clone(instance="site", body=body, **PROJECT))
    drill = sql.api.instances().get(instance="drill", **PROJECT).execute()
    assert (
        drill["settings"]
        == sql.api.instances().get(instance="site", **PROJECT).execute()["settings"]
    )
    assert drill["ipAddresses"] != []


def test_contents(sql: Sql) -> None:
    sql.made()
    sql.waited(sql.api.databases().insert(instance="site", body={"name": "app"}, **PROJECT))
    user = {"name": "app", "password": "planted"}
    sql.waited(sql.api.users().insert(instance="site", body=user, **PROJECT))
    assert (
        sql.api.databases().list(instance="site", **PROJECT).execute()["items"][0]["name"] == "app"
    )
    (listed,) = sql.api.users().list(instance="site", **PROJECT).execute()["items"]
    assert "password" not in listed
    sql.waited(sql.api.users().delete(instance="site", name="app", **PROJECT))
    assert sql.calls()[-3:] == ["create_database", "set_user", "drop_user"]
    with pytest.raises(HttpError, match="instance does not exist"):
        sql.api.users().list(instance="other", **PROJECT).execute()


def test_one_operation_at_a_time(sql: Sql, monkeypatch: pytest.MonkeyPatch) -> None:
    sql.made()
    go_on = threading.Event()
    monkeypatch.setattr(sql.runtime, "back_up", lambda *_: go_on.wait(10))
    runs = sql.api.backupRuns()
    runs.insert(instance="site", body={}, **PROJECT).execute()
    with pytest.raises(HttpError, match="another operation was already in progress"):
        runs.insert(instance="site", body={}, **PROJECT).execute()
    go_on.set()


def test_operation_ends_in_error(world: GoogleWorld, sql: Sql) -> None:
    sql.made()
    world.end_operation_in_error("sql.backupRuns.insert", message="Out of disk.")
    ended = sql.waited(sql.api.backupRuns().insert(instance="site", body={}, **PROJECT), ok=False)
    assert ended["error"]["errors"][0]["message"] == "Out of disk."


def test_deletion_protection(sql: Sql) -> None:
    sql.made()
    protected = {"settings": {"deletionProtectionEnabled": True}}
    sql.waited(sql.api.instances().patch(instance="site", body=protected, **PROJECT))
    with pytest.raises(HttpError, match="protected"):
        sql.api.instances().delete(instance="site", **PROJECT).execute()
