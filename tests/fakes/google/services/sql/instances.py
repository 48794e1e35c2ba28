"""Instances: made, cloned, changed, deleted."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from fakes.google.calls import Call, Json, answers, notices
from fakes.google.clock import etag, now
from fakes.google.errors import legacy
from fakes.google.kinds import SQL_DATABASE, SQL_INSTANCE, SQL_USER
from fakes.google.pages import page
from fakes.google.services.sql.running import started

if TYPE_CHECKING:
    from fakes.google.store import Change
    from fakes.google.world import GoogleWorld

TAKEN = (
    "The Cloud SQL instance already exists. When you delete an instance, you can't reuse the name "
    "of the deleted instance until one week from the deletion date."
)
PROTECTED = "The instance is protected. Please disable the deletion protection and try again."


def found(world: GoogleWorld, name: str) -> Json:
    instance = world.resources.get(SQL_INSTANCE, name)
    if instance is None:
        raise legacy(404, "The Cloud SQL instance does not exist.", "instanceDoesNotExist")
    return instance


def _check_free(world: GoogleWorld, name: str) -> None:
    if not re.fullmatch(r"[a-z][a-z0-9-]{0,96}[a-z0-9]", name):
        raise legacy(400, f"Invalid instance name ({name}).", "invalid")
    if world.resources.get(SQL_INSTANCE, name) or world.resources.get("sql-names", name):
        raise legacy(409, TAKEN, "instanceAlreadyExists")


def kept(world: GoogleWorld, name: str, body: Json, state: str = "RUNNABLE") -> Json:
    region = body.get("region", "us-central1")
    made = {
        "kind": "sql#instance",
        "backendType": "SECOND_GEN",
        "instanceType": "CLOUD_SQL_INSTANCE",
        "createTime": now(),
        "ipAddresses": [{"type": _address_type(body), "ipAddress": _address(name)}],
        **body,
        "name": name,
        "project": world.project,
        "region": region,
        "state": state,
        "connectionName": f"{world.project}:{region}:{name}",
        "selfLink": f"https://sqladmin.googleapis.com/v1/projects/{world.project}/instances/{name}",
        "etag": etag(),
    }
    made.pop("rootPassword", None)
    world.resources.put(SQL_INSTANCE, name, made)
    return made


def _address_type(body: Json) -> str:
    network = body.get("settings", {}).get("ipConfiguration", {}).get("privateNetwork")
    return "PRIVATE" if network else "PRIMARY"


def _address(name: str) -> str:
    digest = hashlib.sha256(name.encode()).digest()
    return f"10.0.{digest[0]}.{digest[1] % 250 + 2}"


@answers("sqladmin.v1", "instances.insert")
def insert(call: Call) -> Json:
    name, world = call.body.get("name", ""), call.world
    _check_free(world, name)
    password = call.body.get("rootPassword")
    instance = kept(world, name, call.body, "PENDING_CREATE")

    def work() -> None:
        world.runtime.start_database(instance)
        if password:
            world.runtime.set_user(name, _administrator(instance), password)
        kept(world, name, instance)

    return started(call, name, "CREATE", work)


def _administrator(instance: Json) -> str:
    return "postgres" if instance.get("databaseVersion", "").startswith("POSTGRES") else "root"


@answers("sqladmin.v1", "instances.get")
def get(call: Call) -> Json:
    return found(call.world, call.path["instance"])


@answers("sqladmin.v1", "instances.list")
def listed(call: Call) -> Json:
    every = call.world.resources.list(SQL_INSTANCE)
    answer = page("items", every, call.query, size="maxResults")
    return {"kind": "sql#instancesList", **answer}


@answers("sqladmin.v1", "instances.patch")
def patch(call: Call) -> Json:
    name, world = call.path["instance"], call.world
    instance = found(world, name)
    settings = {**instance.get("settings", {}), **call.body.get("settings", {})}
    fresh = {**instance, **call.body, "settings": settings}
    return started(call, name, "UPDATE", lambda: kept(world, name, fresh))


@answers("sqladmin.v1", "instances.delete")
def delete(call: Call) -> Json:
    name, world = call.path["instance"], call.world
    instance = found(world, name)
    if instance.get("settings", {}).get("deletionProtectionEnabled"):
        raise legacy(400, PROTECTED, "invalid")

    def work() -> None:
        forget(world, name, instance)
        world.resources.delete(SQL_INSTANCE, name)

    return started(call, name, "DELETE", work)


def forget(world: GoogleWorld, name: str, instance: Json) -> None:
    """All of it goes, its backups too unless it was told to retain them."""
    world.runtime.stop_database(name)
    world.resources.put("sql-names", name, {"name": name})
    for kind in (SQL_DATABASE, SQL_USER):
        for inner in world.resources.names(kind, name + "/"):
            world.resources.delete(kind, inner)
    if instance.get("settings", {}).get("retainBackupsOnDelete"):
        return
    for backup in world.resources.names("backups", name + "/"):
        world.resources.delete("backups", backup)


@answers("sqladmin.v1", "instances.clone")
def clone(call: Call) -> Json:
    world, source = call.world, found(call.world, call.path["instance"])
    name = call.body.get("cloneContext", {}).get("destinationInstanceName", "")
    _check_free(world, name)
    copied = {
        key: source[key] for key in ("databaseVersion", "region", "settings") if key in source
    }
    target = kept(world, name, copied, "PENDING_CREATE")

    def work() -> None:
        world.runtime.clone(source["name"], target)
        for kind, folder in ((SQL_DATABASE, "databases"), (SQL_USER, "users")):
            for each in world.resources.list(kind, source["name"] + "/"):
                copy = {**each, "instance": name}
                world.resources.put(kind, f"{name}/{folder}/{each['name']}", copy)
        kept(world, name, target)

    return started(call, name, "CLONE", work)


@notices(SQL_INSTANCE)
def from_terraform(world: GoogleWorld, change: Change) -> None:
    if change.after is None:
        forget(world, change.name, change.before or {})
        return
    instance = kept(world, change.name, change.after)
    world.runtime.start_database(instance)
