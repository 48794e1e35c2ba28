"""Workers and scheduled jobs follow once the site itself serves the new image.

Source: https://cloud.google.com/run/docs/reference/rest/v2/projects.locations.workerPools.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from nuages.model import Deployment
from nuages.steps.release import Release
from nuages.steps.stage import Outputs, Stage
from nuages.steps.step import Request, Step
from nuages.targets.cloud_run.places import Places
from nuages.targets.cloud_run.release import containers
from nuages.targets.cloud_run.values import values


def stage(deployment: Deployment, places: Places, release: Release) -> Stage:
    """A new revision of every worker pool."""

    def steps(outputs: Outputs) -> Sequence[Step]:
        found = values(deployment)["workers"]
        return [
            step
            for name, worker in found.items()
            for step in _roll(deployment, places, release, name, worker, outputs)
        ]

    return Stage("workers", "Roll the workers", steps, remembered=True)


def _roll(
    deployment: Deployment,
    places: Places,
    release: Release,
    name: str,
    worker: Mapping[str, Any],
    outputs: Outputs,
) -> list[Step]:
    """A singleton goes before its next one comes: beat must never tick twice."""
    template = _template(deployment, release, name, worker, outputs)
    instances = {"manualInstanceCount": worker["instances"]}
    roll = _patch(places, name, f"The worker {name}", template=template, scaling=instances)
    if not worker["singleton"]:
        return [roll]
    stop = _patch(places, name, f"Stop {name}", scaling={"manualInstanceCount": 0})
    return [stop, roll]


def _patch(places: Places, name: str, label: str, **parts: Mapping[str, Any]) -> Request:
    return Request(
        label,
        "run.v2",
        "projects.locations.workerPools.patch",
        {"name": places.pool(name), "updateMask": ",".join(parts)},
        parts,
    )


def _template(
    deployment: Deployment,
    release: Release,
    name: str,
    worker: Mapping[str, Any],
    outputs: Outputs,
) -> dict[str, Any]:
    places = Places.of(deployment, release.account)
    made, mounted = containers.volumes(deployment, outputs)
    container: dict[str, Any] = {
        "image": outputs.text("image"),
        "command": list(worker["command"]),
        "resources": {"limits": {"cpu": worker["cpu"], "memory": worker["memory"]}},
        "env": containers.variables(deployment, places, outputs, worker),
    }
    container |= {"volumeMounts": mounted} if mounted else {}
    template = {
        "labels": {"nuages-release": release.id},
        "serviceAccount": outputs.text("infrastructure", "accounts", name),
        "containers": [container],
        **containers.network(outputs),
    }
    return template | ({"volumes": made} if made else {})
