"""The image, built where no Docker engine answers: sent to Cloud Build, followed to its end.

Sources: https://cloud.google.com/build/docs/api/reference/rest/v1/projects.builds and
https://cloud.google.com/build/docs/securing-builds/store-manage-build-logs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from nuages.errors import StepFailed
from nuages.steps import docker
from nuages.steps.release import Release
from nuages.steps.stage import Outputs, Stage
from nuages.steps.step import Await, Request, Step, Upload
from nuages.targets.cloud_run import logs
from nuages.targets.cloud_run.places import Places
from nuages.targets.cloud_run.release import image

TIMEOUT = 1800
"""Seconds that a build may take, once it has begun."""
_QUEUE = 900
"""Seconds that it may wait to begin."""
_DOCKER = "gcr.io/cloud-builders/docker"
"""https://cloud.google.com/build/docs/cloud-builders"""
_UNDER_WAY = ("STATUS_UNKNOWN", "PENDING", "QUEUED", "WORKING")
_TITLE = "Build the image in the cloud"


def stages(places: Places, release: Release) -> tuple[Stage, ...]:
    """Sent there, built, and taken away again however it ended.

    A build goes on by itself: a release that died waits for the one that it has begun.
    """
    return (
        Stage("source", "Send what the image is built from", lambda _: _sent(places, release)),
        Stage("build:start", _TITLE, lambda o: [_start(places, release, o)], remembered=True),
        Stage("build:wait", _TITLE, lambda o: [_end(places, o)]),
        Stage("build:log", "Take away what was sent", lambda o: _after(places, release, o)),
        Stage("image", _TITLE, lambda o: [_image(o)], remembered=True),
    )


def _sent(places: Places, release: Release) -> Sequence[Step]:
    name = places.source(release)
    return [
        Upload("Pack and send it", places.state, name, release.dockerfile, output="source"),
    ]


def _start(places: Places, release: Release, outputs: Outputs) -> Request:
    """The registry's own push comes after the last step: ``images``."""
    tag = image.reference(release, outputs)
    source = {
        "bucket": places.state,
        "object": places.source(release),
        "generation": outputs.text("source"),
    }
    step = {
        "name": _DOCKER,
        "args": [_literal(word) for word in image.build(release, tag)[1:]],
        "env": [f"{name}={value}" for name, value in docker.BUILDKIT.items()],
    }
    return Request(
        "Begin the build",
        "cloudbuild.v1",
        "projects.locations.builds.create",
        {"parent": places.location},
        {
            "source": {"storageSource": source},
            "steps": [step],
            "images": [tag],
            "serviceAccount": f"{places.root}/serviceAccounts/{places.builder}",
            "options": {"logging": "CLOUD_LOGGING_ONLY"},
            "timeout": f"{TIMEOUT}s",
            "queueTtl": f"{_QUEUE}s",
            "tags": [places.site, release.id],
        },
        output="build",
        patience=0,
        read=begun,
    )


def _literal(word: str) -> str:
    """A ``$`` begins a substitution there.

    https://cloud.google.com/build/docs/configuring-builds/substitute-variable-values
    """
    return word.replace("$", "$$")


def begun(operation: Mapping[str, Any]) -> dict[str, Any]:
    """Of the operation that a build is begun with, what finds the build again."""
    build = operation["metadata"]["build"]
    return {"name": build["name"], "id": build["id"]}


def _look(label: str, outputs: Outputs, **extra: Any) -> Request:
    name = outputs.text("build", "name")
    method = "projects.locations.builds.get"
    return Request(label, "cloudbuild.v1", method, {"name": name}, **extra)


def _end(places: Places, outputs: Outputs) -> Await:
    follow = logs.tail(places, _log(places, outputs))
    look = _look("Build the image", outputs, output="built", read=ended)
    return Await(look, _has_ended, TIMEOUT + _QUEUE + 60, follow)


def _has_ended(build: Mapping[str, Any]) -> bool:
    return build.get("status") not in _UNDER_WAY


def ended(build: Mapping[str, Any]) -> dict[str, Any]:
    """Of a build that has ended, how it did."""
    failure = (build.get("failureInfo") or {}).get("detail")
    return {
        "status": build.get("status"),
        "detail": build.get("statusDetail") or failure or "",
        "url": build.get("logUrl", ""),
        "images": (build.get("results") or {}).get("images", []),
    }


def _log(places: Places, outputs: Outputs, output: str | None = None) -> Request:
    """What a build prints; the filter is that of gcloud's own `builds log`."""
    wanted = (
        f'logName="{places.root}/logs/cloudbuild"',
        'resource.type="build"',
        f'resource.labels.build_id="{outputs.text("build", "id")}"',
    )
    return logs.entries(places, wanted, "Its log", newest=output is not None, output=output)


def _failed(outputs: Outputs) -> bool:
    return not outputs.dry and outputs.get("built", "status") != "SUCCESS"


def _after(places: Places, release: Release, outputs: Outputs) -> Sequence[Step]:
    """That version for good: the bucket keeps old ones of what is deleted by its name only."""
    given = {
        "bucket": places.state,
        "object": places.source(release),
        "generation": outputs.text("source"),
    }
    gone = Request("Remove what was sent", "storage.v1", "objects.delete", given, accept=(404,))
    return [gone, *([_log(places, outputs, "build:log")] if _failed(outputs) else ())]


def _image(outputs: Outputs) -> Request:
    """Raises StepFailed, with the end of the log, where there is none."""
    if _failed(outputs):
        raise _failure(outputs)
    return _look("Its digest", outputs, output="image", read=digest)


def _failure(outputs: Outputs) -> StepFailed:
    found = outputs.mapping("built")
    lines = [
        line
        for entry in reversed(outputs.mapping("build:log").get("entries", ()))
        for line in logs.text(entry).splitlines()
    ]
    said = f": {found['detail']}" if found.get("detail") else ""
    return StepFailed(
        f"Cloud Build could not build the image ({found.get('status')}){said}",
        hint="Mend it and deploy again; what serves now serves on."
        + (f" The whole log: {found['url']}" if found.get("url") else ""),
        detail="\n".join(lines[-40:]),
        reason="build-failed",
    )


def digest(build: Mapping[str, Any]) -> str:
    """``name@sha256:…`` of the one image that a build has pushed.

    Raises StepFailed where it tells of none.
    """
    images = (build.get("results") or {}).get("images", ())
    found = [each for each in images if each.get("name") and each.get("digest")]
    if not found:
        raise StepFailed("The image was built, and has no digest", reason="no-digest")
    return f"{found[0]['name'].rpartition(':')[0]}@{found[0]['digest']}"
