"""artifactregistry.v1: repositories and the images in them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fakes.google.calls import Call, Json, answers, notices
from fakes.google.clock import now
from fakes.google.errors import GoogleError, invalid, not_found
from fakes.google.kinds import REPOSITORY
from fakes.google.masks import updated
from fakes.google.pages import page

if TYPE_CHECKING:
    from fakes.google.store import Change
    from fakes.google.world import GoogleWorld

AT = "projects.locations.repositories."
MESSAGE = "google.devtools.artifactregistry.v1.Repository"


def _found(world: GoogleWorld, name: str) -> Json:
    repository = world.resources.get(REPOSITORY, world.normal(name))
    if repository is None:
        raise not_found(name)
    return repository


@answers("artifactregistry.v1", AT + "create")
def create(call: Call) -> Json:
    short = call.query.get("repositoryId", "")
    if not re.fullmatch(r"[a-z]([a-z0-9-]{0,61}[a-z0-9])?", short):
        raise invalid(f"invalid repository id: {short!r}", "repository_id")
    parent = call.world.normal(call.path["parent"])
    name = f"{parent}/repositories/{short}"
    if call.world.resources.get(REPOSITORY, name):
        raise GoogleError(409, "the repository already exists", "ALREADY_EXISTS")

    def work() -> Json:
        return _keep(call.world, name, call.body)

    return call.world.operations.started(call, parent, MESSAGE, work)


def _keep(world: GoogleWorld, name: str, body: Json) -> Json:
    made = {
        "createTime": now(),
        **body,
        "name": name,
        "updateTime": now(),
        "registryUri": world.runtime.registry_uri(name),
    }
    world.resources.put(REPOSITORY, name, made)
    return made


@answers("artifactregistry.v1", AT + "get")
def get(call: Call) -> Json:
    return _found(call.world, call.path["name"])


@answers("artifactregistry.v1", AT + "list")
def listed(call: Call) -> Json:
    prefix = call.world.normal(call.path["parent"]) + "/repositories/"
    return page("repositories", call.world.resources.list(REPOSITORY, prefix), call.query)


@answers("artifactregistry.v1", AT + "patch")
def patch(call: Call) -> Json:
    current = _found(call.world, call.path["name"])
    mask = call.query.get("updateMask")
    fresh = updated(call.method.api, "Repository", current, call.body, mask)
    return _keep(call.world, current["name"], fresh)


@answers("artifactregistry.v1", AT + "delete")
def delete(call: Call) -> Json:
    name = _found(call.world, call.path["name"])["name"]

    def work() -> Json:
        call.world.resources.delete(REPOSITORY, name)
        return {}

    place = "/".join(name.split("/")[:4])
    return call.world.operations.started(call, place, "google.protobuf.Empty", work)


@answers("artifactregistry.v1", "projects.locations.operations.get")
def operation(call: Call) -> Json:
    return call.world.operations.get(call.world.normal(call.path["name"])).body()


@answers("artifactregistry.v1", AT + "dockerImages.list")
def images(call: Call) -> Json:
    name = _found(call.world, call.path["parent"])["name"]
    return page("dockerImages", list(call.world.runtime.images(name)), call.query)


@answers("artifactregistry.v1", AT + "getIamPolicy")
def policy(call: Call) -> Json:
    return call.world.policies.get(_found(call.world, call.path["resource"])["name"])


@answers("artifactregistry.v1", AT + "setIamPolicy")
def set_policy(call: Call) -> Json:
    name = _found(call.world, call.path["resource"])["name"]
    return call.world.policies.set(name, call.body.get("policy", {}))


@notices(REPOSITORY)
def from_terraform(world: GoogleWorld, change: Change) -> None:
    if change.after is not None:
        _keep(world, change.name, change.after)
