"""Buckets."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fakes.google.calls import Call, Json, Raw, answers, notices
from fakes.google.clock import etag, now
from fakes.google.errors import legacy
from fakes.google.kinds import BUCKET
from fakes.google.pages import page
from fakes.google.services.storage import conditions

if TYPE_CHECKING:
    from fakes.google.store import Change
    from fakes.google.world import GoogleWorld

# cloud.google.com/storage/docs/buckets#naming
NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]")
OWNED = "Your previous request to create the named bucket succeeded and you already own it."


def found(world: GoogleWorld, name: str) -> Json:
    bucket = world.resources.get(BUCKET, name)
    if bucket is None:
        raise legacy(404, "The specified bucket does not exist.", "notFound")
    return bucket


@answers("storage.v1", "buckets.insert")
def insert(call: Call) -> Json:
    name = call.body.get("name", "")
    if not NAME.fullmatch(name) or "google" in name or name.startswith("goog"):
        raise legacy(400, f"Invalid bucket name: '{name}'", "invalid")
    with call.world.resources.lock:
        if call.world.resources.get(BUCKET, name):
            raise legacy(409, OWNED, "conflict")
        return _keep(call.world, name, call.body)


def _keep(world: GoogleWorld, name: str, body: Json) -> Json:
    before = world.resources.get(BUCKET, name) or {}
    access = {
        "publicAccessPrevention": "inherited",
        "uniformBucketLevelAccess": {"enabled": False},
        **body.get("iamConfiguration", {}),
    }
    made = {
        "storageClass": "STANDARD",
        "timeCreated": now(),
        **body,
        "iamConfiguration": access,
        "kind": "storage#bucket",
        "id": name,
        "name": name,
        "selfLink": f"https://www.googleapis.com/storage/v1/b/{name}",
        "projectNumber": world.project_number,
        "location": body.get("location", "US").upper(),
        "metageneration": str(int(before.get("metageneration", 0)) + 1),
        "updated": now(),
        "etag": etag(),
    }
    world.resources.put(BUCKET, name, made)
    return made


@answers("storage.v1", "buckets.get")
def get(call: Call) -> Json:
    return found(call.world, call.path["bucket"])


@answers("storage.v1", "buckets.list")
def listed(call: Call) -> Json:
    every = call.world.resources.list(BUCKET, call.query.get("prefix", ""))
    answer = page("items", every, call.query, size="maxResults", limit=1000)
    return {"kind": "storage#buckets", **answer}


@answers("storage.v1", "buckets.patch")
def patch(call: Call) -> Json:
    with call.world.resources.lock:
        current = found(call.world, call.path["bucket"])
        conditions.check_metageneration(current, call.query)
        return _keep(call.world, current["name"], {**current, **call.body})


@answers("storage.v1", "buckets.delete")
def delete(call: Call) -> Raw:
    name = found(call.world, call.path["bucket"])["name"]
    if call.world.resources.names("objects", name + "/"):
        raise legacy(409, "The bucket you tried to delete is not empty.", "conflict")
    call.world.resources.delete(BUCKET, name)
    call.world.resources.delete("policies", f"buckets/{name}")
    return Raw(b"", status=204)


@answers("storage.v1", "buckets.getIamPolicy")
def policy(call: Call) -> Json:
    name = found(call.world, call.path["bucket"])["name"]
    return {"kind": "storage#policy", **call.world.policies.get(f"buckets/{name}")}


@answers("storage.v1", "buckets.setIamPolicy")
def set_policy(call: Call) -> Json:
    name = found(call.world, call.path["bucket"])["name"]
    return call.world.policies.set(f"buckets/{name}", call.body)


@answers("storage.v1", "buckets.testIamPermissions")
def permissions(call: Call) -> Json:
    asked = call.query.get("permissions", [])
    return {"permissions": [name for name in asked if name not in call.world.denied_permissions]}


@notices(BUCKET)
def from_terraform(world: GoogleWorld, change: Change) -> None:
    if change.after is not None:
        _keep(world, change.name, change.after)
        return
    for name in world.resources.names("objects", change.name + "/"):
        world.resources.delete("objects", name)
