"""Revisions: what a template was at one moment, for services and worker pools alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fakes.google.clock import etag, now, suffix
from fakes.google.errors import GoogleError, aborted
from fakes.google.protocol import NotReady
from fakes.google.services.run.conditions import condition, failed, ready
from fakes.google.services.run.templates import check_secrets

if TYPE_CHECKING:
    from collections.abc import Callable

    from fakes.google.world import GoogleWorld

Json = dict[str, Any]
# Fields of a template that a revision has under the same name.
COPIED = (
    *("labels", "annotations", "scaling", "vpcAccess", "timeout", "serviceAccount", "containers"),
    *("volumes", "encryptionKey", "executionEnvironment", "maxInstanceRequestConcurrency"),
    *("sessionAffinity", "nodeSelector", "serviceMesh"),
)


def full_name(parent: str, revision: str) -> str:
    return f"{parent}/revisions/{revision}"


def short(name: str) -> str:
    return name.rsplit("/", 1)[-1]


def needed(world: GoogleWorld, parent: Json, force: bool = False) -> Json | None:
    """The revision that the parent's template still wants; None when it is the latest one's.

    Raises:
        GoogleError: the template names a revision that is there and differs.
    """
    template = parent.get("template", {})
    latest = world.resources.get("revisions", parent.get("latestCreatedRevision", ""))
    if latest is not None and not force and _same(latest, template):
        return None
    wanted = template.get("revision")
    if wanted and world.resources.get("revisions", full_name(parent["name"], wanted)):
        told = f"Revision named '{wanted}' with different configuration already exists."
        raise aborted(told + _difference(latest, template))
    number = int(parent["generation"])
    name = wanted or f"{short(parent['name'])}-{number:05}-{suffix()}"
    copied = {key: template[key] for key in COPIED if key in template}
    return {
        "name": full_name(parent["name"], name),
        "uid": suffix(16),
        "generation": "1",
        "createTime": now(),
        "updateTime": now(),
        "service": short(parent["name"]),
        "launchStage": parent.get("launchStage", "GA"),
        "reconciling": True,
        "conditions": [condition("Ready", "CONDITION_RECONCILING")],
        "observedGeneration": "1",
        "etag": etag(),
        **copied,
    }


def _same(revision: Json, template: Json) -> bool:
    named = template.get("revision")
    if named and short(revision["name"]) != named:
        return False
    return all(revision.get(key) == template.get(key) for key in COPIED)


def _difference(revision: Json | None, template: Json) -> str:
    """Which part differs: Google does not say so, and whoever reads a test's log wants to know."""
    if revision is None:
        return ""
    keys = [key for key in COPIED if revision.get(key) != template.get(key)]
    return "".join(f" {key}: {revision.get(key)} | {template.get(key)}" for key in keys)


def brought_up(world: GoogleWorld, revision: Json, start: Callable[[], None]) -> None:
    """Starts it, and keeps what came of it.

    Raises:
        GoogleError: FAILED_PRECONDITION, which is how the operations of Run end.
    """
    name = revision["name"]
    try:
        _check(world, revision)
        start()
    except NotReady as why:
        message = f"Revision '{short(name)}' is not ready and cannot serve traffic. {why}"
        fields = failed(message, "Ready", "ContainerHealthy", "ResourcesAvailable")
        _keep(world, revision, fields)
        raise GoogleError(400, message, "FAILED_PRECONDITION") from why
    _keep(world, revision, ready("Ready", "ContainerHealthy", "ResourcesAvailable"))


def _check(world: GoogleWorld, revision: Json) -> None:
    if revision["service"] in world.never_ready:
        raise NotReady(NEVER)
    check_secrets(world, revision)


NEVER = (
    "The user-provided container failed to start and listen on the port defined provided by the "
    "PORT=8080 environment variable within the allocated timeout. This can happen when the "
    "container port is misconfigured or if the timeout is too short. The health check timeout can "
    "be extended. Logs for this revision might contain more information."
)


def _keep(world: GoogleWorld, revision: Json, fields: Json) -> None:
    fields = {key: value for key, value in fields.items() if key != "terminalCondition"}
    world.resources.put("revisions", revision["name"], {**revision, **fields, "etag": etag()})


def is_ready(revision: Json | None) -> bool:
    return revision is not None and all(
        each["state"] == "CONDITION_SUCCEEDED" for each in revision.get("conditions", [])
    )
