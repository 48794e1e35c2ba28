"""Databases and users of an instance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fakes.google.calls import Call, Json, answers, notices
from fakes.google.clock import etag
from fakes.google.errors import legacy
from fakes.google.kinds import SQL_DATABASE, SQL_USER
from fakes.google.services.sql.instances import found as instance_of
from fakes.google.services.sql.running import started

if TYPE_CHECKING:
    from fakes.google.store import Change
    from fakes.google.world import GoogleWorld


# -- databases
def _database(world: GoogleWorld, instance: str, name: str) -> Json:
    found = world.resources.get(SQL_DATABASE, f"{instance}/databases/{name}")
    if found is None:
        raise legacy(404, "The Cloud SQL database does not exist.", "databaseDoesNotExist")
    return found


def _kept_database(world: GoogleWorld, instance: str, name: str, body: Json) -> Json:
    made = {
        "charset": "UTF8",
        "collation": "en_US.UTF8",
        **body,
        "kind": "sql#database",
        "name": name,
        "instance": instance,
        "project": world.project,
        "etag": etag(),
    }
    world.resources.put(SQL_DATABASE, f"{instance}/databases/{name}", made)
    return made


@answers("sqladmin.v1", "databases.insert")
def insert_database(call: Call) -> Json:
    world, instance = call.world, instance_of(call.world, call.path["instance"])["name"]
    name = call.body.get("name", "")
    if not name:
        raise legacy(400, "Missing parameter: name.", "required")
    if world.resources.get(SQL_DATABASE, f"{instance}/databases/{name}"):
        raise legacy(400, f'database "{name}" already exists', "invalid")

    def work() -> None:
        world.runtime.create_database(instance, name)
        _kept_database(world, instance, name, call.body)

    return started(call, instance, "CREATE_DATABASE", work)


@answers("sqladmin.v1", "databases.get")
def database(call: Call) -> Json:
    instance = instance_of(call.world, call.path["instance"])["name"]
    return _database(call.world, instance, call.path["database"])


@answers("sqladmin.v1", "databases.list")
def databases(call: Call) -> Json:
    instance = instance_of(call.world, call.path["instance"])["name"]
    found = call.world.resources.list(SQL_DATABASE, instance + "/databases/")
    return {"kind": "sql#databasesList", "items": found}


@answers("sqladmin.v1", "databases.delete")
def delete_database(call: Call) -> Json:
    world, instance = call.world, instance_of(call.world, call.path["instance"])["name"]
    name = _database(world, instance, call.path["database"])["name"]

    def work() -> None:
        world.runtime.drop_database(instance, name)
        world.resources.delete(SQL_DATABASE, f"{instance}/databases/{name}")

    return started(call, instance, "DELETE_DATABASE", work)


@notices(SQL_DATABASE)
def database_from_terraform(world: GoogleWorld, change: Change) -> None:
    instance, _, name = change.name.partition("/databases/")
    if change.after is None:
        return  # the module abandons it, and the instance takes it along
    world.runtime.create_database(instance, name)
    given = {key: value for key, value in change.after.items() if key in ("charset", "collation")}
    _kept_database(world, instance, name, given)


# -- users
def _kept_user(world: GoogleWorld, instance: str, name: str, body: Json) -> Json:
    made = {
        **body,
        "kind": "sql#user",
        "name": name,
        "instance": instance,
        "project": world.project,
        "etag": etag(),
    }
    made.pop("password", None)
    world.resources.put(SQL_USER, f"{instance}/users/{name}", made)
    return made


@answers("sqladmin.v1", "users.insert")
@answers("sqladmin.v1", "users.update")
def keep_user(call: Call) -> Json:
    world, instance = call.world, instance_of(call.world, call.path["instance"])["name"]
    name = call.query.get("name") or call.body.get("name", "")
    if not name:
        raise legacy(400, "Missing parameter: name.", "required")
    password = call.body.get("password")

    def work() -> None:
        world.runtime.set_user(instance, name, password)
        _kept_user(world, instance, name, call.body)

    kind = "CREATE_USER" if call.method.verb == "POST" else "UPDATE_USER"
    return started(call, instance, kind, work)


@answers("sqladmin.v1", "users.list")
def users(call: Call) -> Json:
    instance = instance_of(call.world, call.path["instance"])["name"]
    found = call.world.resources.list(SQL_USER, instance + "/users/")
    return {"kind": "sql#usersList", "items": found}


@answers("sqladmin.v1", "users.get")
def user(call: Call) -> Json:
    instance = instance_of(call.world, call.path["instance"])["name"]
    found = call.world.resources.get(SQL_USER, f"{instance}/users/{call.path['name']}")
    if found is None:
        raise legacy(404, "The Cloud SQL user does not exist.", "userDoesNotExist")
    return found


@answers("sqladmin.v1", "users.delete")
def delete_user(call: Call) -> Json:
    world, instance = call.world, instance_of(call.world, call.path["instance"])["name"]
    name = call.query.get("name", "")

    def work() -> None:
        world.runtime.drop_user(instance, name)
        world.resources.delete(SQL_USER, f"{instance}/users/{name}")

    return started(call, instance, "DELETE_USER", work)


@notices(SQL_USER)
def user_from_terraform(world: GoogleWorld, change: Change) -> None:
    instance, _, name = change.name.partition("/users/")
    if change.after is None:
        return
    attributes = world.resources.attributes(SQL_USER, change.name)
    password = attributes.get("password") or world.write_only(
        SQL_USER, attributes["id"], "password_wo"
    )
    world.runtime.set_user(instance, name, password)
    _kept_user(world, instance, name, {})
