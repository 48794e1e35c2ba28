"""serviceusage.v1: which APIs the project uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fakes.google.calls import Call, Json, answers, notices
from fakes.google.errors import invalid
from fakes.google.kinds import PROJECT_SERVICE
from fakes.google.pages import page

if TYPE_CHECKING:
    from fakes.google.store import Change
    from fakes.google.world import GoogleWorld


def _shown(call: Call, name: str) -> Json:
    short = name.rsplit("/", 1)[-1]
    enabled = call.world.resources.get(PROJECT_SERVICE, name) is not None
    parent = f"projects/{call.world.project_number}"
    return {
        "name": f"{parent}/services/{short}",
        "config": {"name": short},
        "state": "ENABLED" if enabled else "DISABLED",
        "parent": parent,
    }


@answers("serviceusage.v1", "services.get")
def get(call: Call) -> Json:
    return _shown(call, call.world.normal(call.path["name"]))


@answers("serviceusage.v1", "services.batchGet")
def batch_get(call: Call) -> Json:
    names = call.query.get("names", [])
    return {"services": [_shown(call, call.world.normal(name)) for name in names]}


@answers("serviceusage.v1", "services.list")
def listed(call: Call) -> Json:
    wanted = call.query.get("filter", "")
    if wanted not in ("state:ENABLED", "state:DISABLED", ""):
        raise invalid("Filters are state:ENABLED and state:DISABLED.", "filter")
    prefix = call.world.normal(call.path["parent"]) + "/services/"
    names = call.world.resources.names(PROJECT_SERVICE, prefix)
    found = [_shown(call, name) for name in names] if wanted != "state:DISABLED" else []
    return page("services", found, call.query, limit=200)


@answers("serviceusage.v1", "services.enable")
def enable(call: Call) -> Json:
    return _enabled(call, [call.world.normal(call.path["name"])])


@answers("serviceusage.v1", "services.batchEnable")
def batch_enable(call: Call) -> Json:
    given = call.body.get("serviceIds", [])
    if not 1 <= len(given) <= 20:
        raise invalid("A single request can enable at most 20 services at a time.", "service_ids")
    parent = call.world.normal(call.path["parent"])
    return _enabled(call, [f"{parent}/services/{short}" for short in given])


def _enabled(call: Call, names: list[str]) -> Json:
    def work() -> Json:
        for name in names:
            body = {"name": name, "state": "ENABLED"}
            call.world.resources.put(PROJECT_SERVICE, name, body)
        return {"services": [_shown(call, name) for name in names]}

    message = "google.api.serviceusage.v1.BatchEnableServicesResponse"
    return call.world.operations.started(call, "", message, work)


@answers("serviceusage.v1", "services.disable")
def disable(call: Call) -> Json:
    name = call.world.normal(call.path["name"])

    def work() -> Json:
        call.world.resources.delete(PROJECT_SERVICE, name)
        return {"service": _shown(call, name)}

    message = "google.api.serviceusage.v1.DisableServiceResponse"
    return call.world.operations.started(call, "", message, work)


@answers("serviceusage.v1", "operations.get")
def operation(call: Call) -> Json:
    return call.world.operations.get(call.path["name"]).body()


@notices(PROJECT_SERVICE)
def from_terraform(world: GoogleWorld, change: Change) -> None:
    if change.after is not None:
        made = {**change.after, "state": "ENABLED"}
        world.resources.put(PROJECT_SERVICE, change.name, made)
