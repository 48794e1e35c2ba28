"""cloudbuild.v1: builds, whose steps the world's builder carries out.

cloud.google.com/build/docs/api/reference/rest/v1/projects.builds
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from fakes.google.calls import Call, Json, answers
from fakes.google.clock import now
from fakes.google.errors import GoogleError, invalid, not_found, precondition
from fakes.google.kinds import ACCOUNT
from fakes.google.pages import page
from fakes.google.services.storage.objects import content_of
from fakes.google.services.storage.objects import found as object_of

if TYPE_CHECKING:
    from fakes.google.world import GoogleWorld

MESSAGE = "google.devtools.cloudbuild.v1.Build"


@answers("cloudbuild.v1", "projects.builds.create", "projects.locations.builds.create")
def create(call: Call) -> Json:
    world = call.world
    if not call.body.get("steps"):
        raise invalid("invalid build: must specify at least one build step", "build.steps")
    _demand_account(call)
    number = str(uuid.uuid4())
    place = world.normal(call.path.get("parent") or f"projects/{world.project}/locations/global")
    build = {
        "timeout": "3600s",
        **call.body,
        "id": number,
        "name": f"{place}/builds/{number}",
        "projectId": world.project,
        "status": "QUEUED",
        "createTime": now(),
        "logUrl": f"https://console.cloud.google.com/cloud-build/builds/{number}",
    }
    source = _source(world, build)
    world.resources.put("builds", number, build)
    metadata = {
        "@type": "type.googleapis.com/google.devtools.cloudbuild.v1.BuildOperationMetadata",
        "build": build,
    }
    return world.operations.started(
        call, "", MESSAGE, lambda: _carried_out(world, build, source), metadata
    )


LOGGING = (
    "if 'build.service_account' is specified, the build must either (a) specify "
    "'build.logs_bucket', (b) use the REGIONAL_USER_OWNED_BUCKET "
    "build.options.default_logs_bucket_behavior option, or (c) use either CLOUD_LOGGING_ONLY / "
    "NONE logging options"
)


def _demand_account(call: Call) -> None:
    account = call.body.get("serviceAccount")
    if account is None:
        return
    if call.world.resources.get(ACCOUNT, call.world.normal(account)) is None:
        raise not_found(account)
    logging = call.body.get("options", {}).get("logging")
    if "logsBucket" not in call.body and logging not in ("CLOUD_LOGGING_ONLY", "NONE"):
        raise invalid(LOGGING)


def _source(world: GoogleWorld, build: Json) -> bytes | None:
    source = build.get("source", {}).get("storageSource")
    if source is None:
        return None
    entry = object_of(world, source["bucket"], source["object"], source.get("generation"))
    return content_of(world, entry)


def _carried_out(world: GoogleWorld, build: Json, source: bytes | None) -> Json:
    working = {**build, "status": "WORKING", "startTime": now()}
    world.resources.put("builds", build["id"], working)
    try:
        results = world.builder(working, source)
    except GoogleError as error:
        detail = {"status": "FAILURE", "statusDetail": error.message, "finishTime": now()}
        world.resources.put("builds", build["id"], {**working, **detail})
        raise precondition(f"Build failed: {error.message}") from error
    done = {**working, "status": "SUCCESS", "finishTime": now(), "results": results}
    world.resources.put("builds", build["id"], done)
    return done


def nothing_built(build: Json, source: bytes | None) -> Json:
    """The builder of a world in which nothing runs; returns the `results` of a build."""
    digest = "sha256:" + "0" * 64
    return {"images": [{"name": name, "digest": digest} for name in build.get("images", [])]}


@answers("cloudbuild.v1", "projects.builds.get", "projects.locations.builds.get")
def get(call: Call) -> Json:
    number = call.path.get("id") or call.path["name"].rsplit("/", 1)[-1]
    found = call.world.resources.get("builds", number)
    if found is None:
        raise not_found(number)
    return found


@answers("cloudbuild.v1", "projects.builds.list", "projects.locations.builds.list")
def listed(call: Call) -> Json:
    every = call.world.resources.list("builds")
    every.sort(key=lambda each: each["createTime"], reverse=True)
    return page("builds", every, call.query)


@answers("cloudbuild.v1", "operations.get")
def operation(call: Call) -> Json:
    return call.world.operations.get(call.path["name"]).body()
