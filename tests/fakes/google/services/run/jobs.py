"""run.v2 jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fakes.google.calls import Call, Json, answers, notices
from fakes.google.clock import etag, now, suffix
from fakes.google.errors import aborted, exists, not_found
from fakes.google.kinds import JOB
from fakes.google.masks import updated
from fakes.google.pages import page
from fakes.google.services.run.conditions import ready
from fakes.google.services.run.templates import check_name, check_template
from fakes.google.store import Change

if TYPE_CHECKING:
    from fakes.google.world import GoogleWorld

AT = "projects.locations.jobs."
MESSAGE = "google.cloud.run.v2.Job"


def operation(call: Call, job: Json) -> Json:
    place = "/".join(job["name"].split("/")[:4])
    metadata = {"@type": f"type.googleapis.com/{MESSAGE}", **job}
    return call.world.operations.started(call, place, MESSAGE, lambda: job, metadata)


@answers("run.v2", AT + "create")
def create(call: Call) -> Json:
    short = call.query.get("jobId", "")
    check_name("job", short)
    name = f"{call.world.normal(call.path['parent'])}/jobs/{short}"
    with call.world.resources.lock:
        if call.world.resources.get(JOB, name):
            raise exists(short)
        job = _new(call.world, name, call.body)
        call.world.resources.put(JOB, name, job)
    return operation(call, job)


def _new(world: GoogleWorld, name: str, body: Json) -> Json:
    stamp = now()
    job = {
        "launchStage": "GA",
        **body,
        "name": name,
        "uid": suffix(32),
        "generation": "1",
        "observedGeneration": "1",
        "createTime": stamp,
        "updateTime": stamp,
        "creator": world.tokens.email,
        "lastModifier": world.tokens.email,
        "etag": etag(),
        **ready(),
    }
    _check(job)
    return job


def _check(job: Json) -> None:
    check_template(job.get("template", {}).get("template", {}), "job.template.template")


@answers("run.v2", AT + "patch")
def patch(call: Call) -> Json:
    name = call.world.normal(call.path["name"])
    with call.world.resources.lock:
        current = call.world.resources.get(JOB, name)
        if current is None:
            if not call.query.get("allowMissing"):
                raise not_found(name)
            current = _new(call.world, name, call.body)
        if call.body.get("etag", current["etag"]) != current["etag"]:
            raise aborted(f"Conflict for resource '{name}': its etag has changed.")
        # The method takes no mask: what is not sent is gone.
        fresh = updated(call.method.api, JOB.schema, current, call.body, None)
        generation = str(int(current["generation"]) + 1)
        job = {**fresh, "name": name, "generation": generation, "observedGeneration": generation}
        job.update(updateTime=now(), etag=etag())
        _check(job)
        call.world.resources.put(JOB, name, job)
    return operation(call, job)


@answers("run.v2", AT + "get")
def get(call: Call) -> Json:
    return found(call.world, call.path["name"])


def found(world: GoogleWorld, name: str) -> Json:
    job = world.resources.get(JOB, world.normal(name))
    if job is None:
        raise not_found(name)
    return job


@answers("run.v2", AT + "list")
def listed(call: Call) -> Json:
    prefix = call.world.normal(call.path["parent"]) + "/jobs/"
    return page("jobs", call.world.resources.list(JOB, prefix), call.query)


@answers("run.v2", AT + "delete")
def delete(call: Call) -> Json:
    job = found(call.world, call.path["name"])
    forget(call.world, job["name"])
    call.world.resources.delete(JOB, job["name"])
    return operation(call, {**job, "deleteTime": now()})


def forget(world: GoogleWorld, name: str) -> None:
    for execution in world.resources.names("executions", name + "/"):
        world.runtime.cancel_execution(execution)
        world.resources.delete("executions", execution)
    world.resources.delete("policies", name)


@notices(JOB)
def from_terraform(world: GoogleWorld, change: Change) -> None:
    if change.after is None:
        forget(world, change.name)
    elif change.before is None:
        world.resources.put(JOB, change.name, _new(world, change.name, change.after))
    else:
        generation = str(int(change.before["generation"]) + 1)
        job = {**change.after, "generation": generation, "etag": etag(), "updateTime": now()}
        world.resources.put(JOB, change.name, job)
