"""run.v2 services: created, patched, rolled out, deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fakes.google.calls import Call, Json, answers, notices
from fakes.google.clock import etag, now, suffix
from fakes.google.errors import aborted, exists, not_found, precondition
from fakes.google.kinds import SERVICE
from fakes.google.masks import updated
from fakes.google.pages import page
from fakes.google.services.run import rollout
from fakes.google.services.run.conditions import waiting
from fakes.google.services.run.revisions import needed
from fakes.google.services.run.templates import check_name, check_template
from fakes.google.services.run.traffic import LATEST, check_traffic
from fakes.google.store import Change

if TYPE_CHECKING:
    from fakes.google.world import GoogleWorld

AT = "projects.locations.services."
MESSAGE = "google.cloud.run.v2.Service"
SCHEMA = SERVICE.schema
DEFAULTS: Json = {
    "ingress": "INGRESS_TRAFFIC_ALL",
    "launchStage": "GA",
    "traffic": [{"type": LATEST, "percent": 100}],
}
TYPES = ("RoutesReady", "ConfigurationsReady")


def place(name: str) -> str:
    return "/".join(name.split("/")[:4])


def operation(call: Call, service: Json) -> Json:
    """Starts the roll-out that the service now wants."""
    name = service["name"]
    shown = {"@type": f"type.googleapis.com/{MESSAGE}", **service}
    return call.world.operations.started(
        call,
        place(name),
        MESSAGE,
        lambda: rollout.run(call.world, name),
        shown,
        lambda: call.world.resources.get(SERVICE, name),
    )


@answers("run.v2", AT + "create")
def create(call: Call) -> Json:
    short = call.query.get("serviceId", "")
    check_name("service", short)
    name = f"{call.world.normal(call.path['parent'])}/services/{short}"
    with call.world.resources.lock:
        if call.world.resources.get(SERVICE, name):
            raise exists(short)
        service = _new(call.world, name, call.body)
        if call.query.get("validateOnly"):
            return call.world.operations.started(call, place(name), MESSAGE, lambda: service)
        keep(call.world, service)
    return operation(call, service)


def _new(world: GoogleWorld, name: str, body: Json) -> Json:
    stamp = now()
    service = {
        **DEFAULTS,
        **body,
        "name": name,
        "uid": suffix(32),
        "generation": "1",
        "observedGeneration": "0",
        "createTime": stamp,
        "updateTime": stamp,
        "creator": world.tokens.email,
        "lastModifier": world.tokens.email,
        "etag": etag(),
        "uri": world.runtime.service_uri(name),
        "urls": [world.runtime.service_uri(name)],
    }
    checked(service)
    return {**service, **waiting(*TYPES)}


def checked(service: Json) -> None:
    short = service["name"].rsplit("/", 1)[-1]
    check_template(service.get("template", {}), "service.template", short, throttled=True)
    check_traffic(service.get("traffic", []))


def keep(world: GoogleWorld, service: Json, force: bool = False) -> None:
    """Keeps what is wanted from now on, with the revision that it takes."""
    revision = needed(world, service, force)
    if revision is not None:
        world.resources.put("revisions", revision["name"], revision)
        service["latestCreatedRevision"] = revision["name"]
    world.resources.put(SERVICE, service["name"], service)


@answers("run.v2", AT + "patch")
def patch(call: Call) -> Json:
    name = call.world.normal(call.path["name"])
    with call.world.resources.lock:
        current = call.world.resources.get(SERVICE, name)
        if current is None:
            return _missing(call, name)
        if call.body.get("etag", current["etag"]) != current["etag"]:
            raise aborted(
                f"Conflict for resource '{name.rsplit('/', 1)[-1]}': version "
                f"'{call.body['etag']}' was specified but current version is '{current['etag']}'."
            )
        service = _changed(call, current)
        if call.query.get("validateOnly"):
            return call.world.operations.started(call, place(name), MESSAGE, lambda: service)
        keep(call.world, service, call.query.get("forceNewRevision", False))
    return operation(call, service)


def _missing(call: Call, name: str) -> Json:
    if not call.query.get("allowMissing"):
        raise not_found(name)
    service = _new(call.world, name, {k: v for k, v in call.body.items() if k != "etag"})
    keep(call.world, service)
    return operation(call, service)


def _changed(call: Call, current: Json) -> Json:
    fresh = updated(call.method.api, SCHEMA, current, call.body, call.query.get("updateMask"))
    service = {
        **DEFAULTS,
        **fresh,
        "name": current["name"],
        "generation": str(int(current["generation"]) + 1),
        "updateTime": now(),
        "lastModifier": call.world.tokens.email,
        "etag": etag(),
    }
    checked(service)
    return {**service, **waiting(*TYPES)}


@answers("run.v2", AT + "get")
def get(call: Call) -> Json:
    return found(call.world, call.path["name"])


def found(world: GoogleWorld, name: str) -> Json:
    service = world.resources.get(SERVICE, world.normal(name))
    if service is None:
        raise not_found(name)
    return service


@answers("run.v2", AT + "list")
def listed(call: Call) -> Json:
    prefix = call.world.normal(call.path["parent"]) + "/services/"
    return page("services", call.world.resources.list(SERVICE, prefix), call.query)


@answers("run.v2", AT + "delete")
def delete(call: Call) -> Json:
    service = found(call.world, call.path["name"])
    if call.query.get("etag", service["etag"]) != service["etag"]:
        raise precondition("The service's etag has changed.")
    name = service["name"]

    def work() -> Json:
        forget(call.world, name)
        call.world.resources.delete(SERVICE, name)
        return {**service, "deleteTime": now()}

    return call.world.operations.started(call, place(name), MESSAGE, work, {})


def forget(world: GoogleWorld, name: str) -> None:
    """Stops all that belongs to a service."""
    world.runtime.route(name, {}, {})
    for revision in world.resources.names("revisions", name + "/"):
        world.runtime.stop_revision(revision)
        world.resources.delete("revisions", revision)
    world.resources.delete("policies", name)


@notices(SERVICE)
def from_terraform(world: GoogleWorld, change: Change) -> None:
    """Terraform's apply does what a create, patch or delete would have done."""
    if change.after is None:
        forget(world, change.name)
        return
    with world.resources.lock:
        if change.before is None:
            service = _new(world, change.name, change.after)
        else:
            generation = str(int(change.before["generation"]) + 1)
            service = {**change.after, "generation": generation, "etag": etag()}
        keep(world, service)
    rollout.run(world, change.name)
