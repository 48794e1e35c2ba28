"""cloudscheduler.v1: jobs that Terraform made, listed and run."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from fakes.google.calls import Call, Json, answer, answers, notices
from fakes.google.clock import now
from fakes.google.errors import GoogleError, exists, invalid, not_found
from fakes.google.kinds import SCHEDULE
from fakes.google.pages import page
from fakes.google.routes import matched

if TYPE_CHECKING:
    from fakes.google.store import Change
    from fakes.google.world import GoogleWorld

AT = "projects.locations.jobs."


def _found(call: Call) -> Json:
    job = call.world.resources.get(SCHEDULE, call.world.normal(call.path["name"]))
    if job is None:
        raise not_found(call.path["name"])
    return job


def _keep(world: GoogleWorld, name: str, body: Json) -> Json:
    made = {"state": "ENABLED", **body, "name": name, "userUpdateTime": now()}
    world.resources.put(SCHEDULE, name, made)
    return made


@answers("cloudscheduler.v1", AT + "create")
def create(call: Call) -> Json:
    name = call.world.normal(call.body.get("name", ""))
    if not name.startswith(call.world.normal(call.path["parent"]) + "/jobs/"):
        raise invalid("Job name must be formatted: projects/P/locations/L/jobs/J", "job.name")
    if call.world.resources.get(SCHEDULE, name):
        raise exists(name)
    return _keep(call.world, name, call.body)


@answers("cloudscheduler.v1", AT + "get")
def get(call: Call) -> Json:
    return _found(call)


@answers("cloudscheduler.v1", AT + "list")
def listed(call: Call) -> Json:
    prefix = call.world.normal(call.path["parent"]) + "/jobs/"
    return page("jobs", call.world.resources.list(SCHEDULE, prefix), call.query, limit=500)


@answers("cloudscheduler.v1", AT + "delete")
def delete(call: Call) -> Json:
    call.world.resources.delete(SCHEDULE, _found(call)["name"])
    return {}


@answers("cloudscheduler.v1", AT + "pause", AT + "resume")
def change_state(call: Call) -> Json:
    paused = call.method.key.endswith("pause")
    return _keep(
        call.world,
        _found(call)["name"],
        {**_found(call), "state": "PAUSED" if paused else "ENABLED"},
    )


@answers("cloudscheduler.v1", AT + "run")
def run(call: Call) -> Json:
    """Calls what the job calls, if that is an API of this world."""
    job = _found(call)
    target = job.get("httpTarget", {})
    url = urlsplit(target.get("uri", ""))
    route = matched(url.netloc, target.get("httpMethod", "POST"), url.path.lstrip("/"))
    if route is not None:
        inner = Call(call.world, route[0], route[1], {}, {})
        threading.Thread(target=_attempted, args=(inner, job), daemon=True).start()
    return {**job, "lastAttemptTime": now()}


def _attempted(call: Call, job: Json) -> None:
    """Only who may run a job runs it: the account that the schedule speaks for."""
    email = job["httpTarget"].get("oauthToken", {}).get("serviceAccountEmail", "")
    resource = call.world.normal(call.path.get("name", ""))
    allowed = f"serviceAccount:{email}" in call.world.invokers(resource)
    status: Json = {} if allowed else {"code": 7, "message": "PERMISSION_DENIED"}
    if allowed:
        try:
            answer(call)
        except GoogleError as error:
            status = error.rpc_status()
    fresh = {**job, "lastAttemptTime": now(), "status": status}
    call.world.resources.put(SCHEDULE, job["name"], fresh)


@notices(SCHEDULE)
def from_terraform(world: GoogleWorld, change: Change) -> None:
    if change.after is not None:
        paused = world.resources.attributes(SCHEDULE, change.name).get("paused")
        given = {**change.after, "state": "PAUSED" if paused else "ENABLED"}
        _keep(world, change.name, given)
