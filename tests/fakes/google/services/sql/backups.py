"""Backup runs, and what is brought back from them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from fakes.google.calls import Call, Json, answers
from fakes.google.clock import now
from fakes.google.errors import legacy
from fakes.google.pages import page
from fakes.google.services.sql.instances import found as instance_of
from fakes.google.services.sql.running import started

if TYPE_CHECKING:
    from fakes.google.world import GoogleWorld


def _found(world: GoogleWorld, instance: str, number: str) -> Json:
    run = world.resources.get("backups", f"{instance}/{number}")
    if run is None:
        raise legacy(404, "The Cloud SQL backup run does not exist.", "backupRunDoesNotExist")
    return run


@answers("sqladmin.v1", "backupRuns.insert")
def insert(call: Call) -> Json:
    world, instance = call.world, instance_of(call.world, call.path["instance"])
    name, number = instance["name"], str(time.time_ns() // 1_000_000)
    run = {
        "kind": "sql#backupRun",
        "location": "eu",
        **call.body,
        "id": number,
        "instance": name,
        "type": "ON_DEMAND",
        "databaseVersion": instance["databaseVersion"],
        "enqueuedTime": now(),
        "startTime": now(),
        "status": "RUNNING",
    }
    world.resources.put("backups", f"{name}/{number}", run)

    def work() -> None:
        try:
            world.runtime.back_up(name, f"{name}/{number}")
        except Exception:
            world.resources.put("backups", f"{name}/{number}", {**run, "status": "FAILED"})
            raise
        done = {**run, "status": "SUCCESSFUL", "endTime": now()}
        world.resources.put("backups", f"{name}/{number}", done)

    context = {"kind": "sql#backupContext", "backupId": number}
    return started(call, name, "BACKUP_VOLUME", work, backupContext=context)


@answers("sqladmin.v1", "backupRuns.get")
def get(call: Call) -> Json:
    return _found(call.world, call.path["instance"], call.path["id"])


@answers("sqladmin.v1", "backupRuns.list")
def listed(call: Call) -> Json:
    name = instance_of(call.world, call.path["instance"])["name"]
    every = call.world.resources.list("backups", name + "/")
    every.sort(key=lambda each: int(each["id"]), reverse=True)
    answer = page("items", every, call.query, size="maxResults")
    return {"kind": "sql#backupRunsList", **answer}


@answers("sqladmin.v1", "backupRuns.delete")
def delete(call: Call) -> Json:
    run = _found(call.world, call.path["instance"], call.path["id"])
    name = f"{run['instance']}/{run['id']}"
    return started(
        call,
        run["instance"],
        "DELETE_BACKUP",
        lambda: call.world.resources.delete("backups", name),
    )


@answers("sqladmin.v1", "instances.restoreBackup")
def restore(call: Call) -> Json:
    world, target = call.world, instance_of(call.world, call.path["instance"])["name"]
    context = call.body.get("restoreBackupContext", {})
    source = context.get("instanceId", target)
    run = _found(world, source, context.get("backupRunId", ""))
    if run["status"] != "SUCCESSFUL":
        raise legacy(400, "The backup run is not successful.", "invalid")

    def work() -> None:
        world.runtime.restore(f"{source}/{run['id']}", target)

    return started(call, target, "RESTORE_VOLUME", work)
