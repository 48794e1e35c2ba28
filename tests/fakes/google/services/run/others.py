"""Revisions, operations and policies of run.v2."""

from __future__ import annotations

from fakes.google.calls import Call, Json, answers
from fakes.google.errors import not_found, precondition
from fakes.google.kinds import SERVICE, WORKER_POOL
from fakes.google.pages import page

KINDS = ("services", "jobs", "workerPools")


@answers("run.v2", *(f"projects.locations.{kind}.getIamPolicy" for kind in KINDS))
def policy(call: Call) -> Json:
    return call.world.policies.get(call.world.normal(call.path["resource"]))


@answers("run.v2", *(f"projects.locations.{kind}.setIamPolicy" for kind in KINDS))
def set_policy(call: Call) -> Json:
    resource = call.world.normal(call.path["resource"])
    return call.world.policies.set(resource, call.body.get("policy", {}))


@answers("run.v2", *(f"projects.locations.{kind}.testIamPermissions" for kind in KINDS))
def permissions(call: Call) -> Json:
    asked = call.body.get("permissions", [])
    return {"permissions": [name for name in asked if name not in call.world.denied_permissions]}


@answers("run.v2", *(f"projects.locations.{kind}.revisions.get" for kind in KINDS[::2]))
def revision(call: Call) -> Json:
    found = call.world.resources.get("revisions", call.world.normal(call.path["name"]))
    if found is None:
        raise not_found(call.path["name"])
    return found


@answers("run.v2", *(f"projects.locations.{kind}.revisions.list" for kind in KINDS[::2]))
def revisions(call: Call) -> Json:
    prefix = call.world.normal(call.path["parent"]) + "/revisions/"
    found = call.world.resources.list("revisions", prefix)
    newest_first = sorted(found, key=lambda each: each["createTime"], reverse=True)
    return page("revisions", newest_first, call.query)


@answers("run.v2", *(f"projects.locations.{kind}.revisions.delete" for kind in KINDS[::2]))
def delete_revision(call: Call) -> Json:
    found = revision(call)
    name = found["name"]
    parent = name.split("/revisions/")[0]
    for kind in (SERVICE, WORKER_POOL):
        owner = call.world.resources.get(kind, parent) or {}
        in_use = {each.get("revision") for each in owner.get("trafficStatuses", [])}
        latest = (owner.get("latestCreatedRevision"), owner.get("latestReadyRevision"))
        if name.rsplit("/", 1)[-1] in in_use or name in latest:
            raise precondition(
                "The revision cannot be deleted because it is the latest created or ready "
                "revision, or it receives traffic."
            )

    def work() -> Json:
        call.world.runtime.stop_revision(name)
        call.world.resources.delete("revisions", name)
        return found

    place = "/".join(name.split("/")[:4])
    return call.world.operations.started(call, place, "google.cloud.run.v2.Revision", work)


@answers("run.v2", "projects.locations.operations.get")
def operation(call: Call) -> Json:
    return call.world.operations.get(call.world.normal(call.path["name"])).body()


@answers("run.v2", "projects.locations.operations.wait")
def wait(call: Call) -> Json:
    found = call.world.operations.get(call.world.normal(call.path["name"]))
    seconds = float(call.body.get("timeout", "30s").removesuffix("s"))
    found.done.wait(min(seconds, 60))
    return found.body()


@answers("run.v2", "projects.locations.operations.list")
def operations(call: Call) -> Json:
    found = call.world.operations.under(call.world.normal(call.path["name"]) + "/operations/")
    return page("operations", found, call.query)
