"""run.v2 worker pools."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fakes.google.calls import Call, Json, answers, notices
from fakes.google.clock import etag, now, suffix
from fakes.google.errors import GoogleError, aborted, exists, not_found
from fakes.google.kinds import WORKER_POOL
from fakes.google.masks import updated
from fakes.google.pages import page
from fakes.google.services.run.conditions import failed, ready, waiting
from fakes.google.services.run.revisions import brought_up, is_ready, needed
from fakes.google.services.run.templates import check_name, check_template
from fakes.google.store import Change

if TYPE_CHECKING:
    from fakes.google.world import GoogleWorld

AT = "projects.locations.workerPools."
MESSAGE = "google.cloud.run.v2.WorkerPool"
LATEST = "INSTANCE_SPLIT_ALLOCATION_TYPE_LATEST"


def operation(call: Call, pool: Json) -> Json:
    name = pool["name"]
    place = "/".join(name.split("/")[:4])
    metadata = {"@type": f"type.googleapis.com/{MESSAGE}", **pool}
    return call.world.operations.started(
        call, place, MESSAGE, lambda: rolled_out(call.world, name), metadata
    )


def rolled_out(world: GoogleWorld, name: str) -> Json:
    with world.busy(name):
        pool = found(world, name)
        revision = world.resources.get("revisions", pool["latestCreatedRevision"]) or {}
        try:
            if not is_ready(revision):
                start = lambda: world.runtime.start_worker_pool(pool, revision["name"])  # noqa: E731
                brought_up(world, revision, start)
            else:
                world.runtime.start_worker_pool(pool, revision["name"])
        except GoogleError as error:
            _status(world, name, failed(error.message))
            raise
        split = {"type": LATEST, "revision": revision["name"].rsplit("/", 1)[-1], "percent": 100}
        fields = {"latestReadyRevision": revision["name"], "instanceSplitStatuses": [split]}
        return _status(world, name, {**ready(), **fields})


def _status(world: GoogleWorld, name: str, fields: Json) -> Json:
    with world.resources.lock:
        pool = found(world, name)
        pool.update(fields, observedGeneration=pool["generation"])
        world.resources.put(WORKER_POOL, name, pool)
        return pool


@answers("run.v2", AT + "create")
def create(call: Call) -> Json:
    short = call.query.get("workerPoolId", "")
    check_name("worker_pool", short)
    name = f"{call.world.normal(call.path['parent'])}/workerPools/{short}"
    with call.world.resources.lock:
        if call.world.resources.get(WORKER_POOL, name):
            raise exists(short)
        pool = _new(call.world, name, call.body)
        _keep(call.world, pool)
    return operation(call, pool)


def _new(world: GoogleWorld, name: str, body: Json) -> Json:
    stamp = now()
    pool = {
        "launchStage": "GA",
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
        **waiting(),
    }
    _check(pool)
    return pool


def _check(pool: Json) -> None:
    short = pool["name"].rsplit("/", 1)[-1]
    check_template(pool.get("template", {}), "worker_pool.template", short)


def _keep(world: GoogleWorld, pool: Json, force: bool = False) -> None:
    revision = needed(world, pool, force)
    if revision is not None:
        world.resources.put("revisions", revision["name"], revision)
        pool["latestCreatedRevision"] = revision["name"]
    world.resources.put(WORKER_POOL, pool["name"], pool)


@answers("run.v2", AT + "patch")
def patch(call: Call) -> Json:
    name = call.world.normal(call.path["name"])
    with call.world.resources.lock:
        current = call.world.resources.get(WORKER_POOL, name)
        if current is None:
            if not call.query.get("allowMissing"):
                raise not_found(name)
            current = _new(call.world, name, call.body)
        if call.body.get("etag", current["etag"]) != current["etag"]:
            raise aborted(f"Conflict for resource '{name}': its etag has changed.")
        mask = call.query.get("updateMask")
        fresh = updated(call.method.api, WORKER_POOL.schema, current, call.body, mask)
        pool = {**fresh, "name": name, "generation": str(int(current["generation"]) + 1)}
        pool.update(waiting(), updateTime=now(), etag=etag())
        _check(pool)
        _keep(call.world, pool, call.query.get("forceNewRevision", False))
    return operation(call, pool)


@answers("run.v2", AT + "get")
def get(call: Call) -> Json:
    return found(call.world, call.path["name"])


def found(world: GoogleWorld, name: str) -> Json:
    pool = world.resources.get(WORKER_POOL, world.normal(name))
    if pool is None:
        raise not_found(name)
    return pool


@answers("run.v2", AT + "list")
def listed(call: Call) -> Json:
    prefix = call.world.normal(call.path["parent"]) + "/workerPools/"
    return page("workerPools", call.world.resources.list(WORKER_POOL, prefix), call.query)


@answers("run.v2", AT + "delete")
def delete(call: Call) -> Json:
    pool = found(call.world, call.path["name"])
    place = "/".join(pool["name"].split("/")[:4])

    def work() -> Json:
        forget(call.world, pool["name"])
        call.world.resources.delete(WORKER_POOL, pool["name"])
        return {**pool, "deleteTime": now()}

    return call.world.operations.started(call, place, MESSAGE, work)


def forget(world: GoogleWorld, name: str) -> None:
    world.runtime.stop_worker_pool(name)
    for revision in world.resources.names("revisions", name + "/"):
        world.resources.delete("revisions", revision)
    world.resources.delete("policies", name)


@notices(WORKER_POOL)
def from_terraform(world: GoogleWorld, change: Change) -> None:
    if change.after is None:
        forget(world, change.name)
        return
    with world.resources.lock:
        if change.before is None:
            pool = _new(world, change.name, change.after)
        else:
            generation = str(int(change.before["generation"]) + 1)
            pool = {**change.after, "generation": generation, "etag": etag()}
        _keep(world, pool)
    rolled_out(world, change.name)
