"""Terraform in a release: everything but the service first, the service once all is migrated."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from nuages.model import Deployment
from nuages.steps import terraform
from nuages.steps.release import Release
from nuages.steps.stage import Outputs, Stage
from nuages.steps.step import Request, Run, Secret, Step
from nuages.targets.cloud_run.places import Places
from nuages.targets.cloud_run.release import keys, traffic

PLAN = "nuages.tfplan"


def look(places: Places) -> Stage:
    """What serves now: remembered, as a release that died has changed it."""
    return Stage(
        "look",
        "Look at what serves now",
        lambda _: [traffic.look(places, "before")],
        remembered=True,
    )


def unlocked(places: Places, release: Release) -> tuple[Stage, ...]:
    """Take away the lock of the state that a release left which died.

    Whoever holds the lease is alone with the state. Terraform's own name of the lock:
    https://developer.hashicorp.com/terraform/language/backend/gcs
    """
    if not release.died:
        return ()
    lock = {"bucket": places.state, "object": f"{places.site}/default.tflock"}
    found = Request(
        "Whether the state is locked",
        "storage.v1",
        "objects.get",
        lock,
        output="lock",
        accept=(404,),
    )

    def remove(outputs: Outputs) -> Sequence[Step]:
        version = outputs.get("lock", "generation")
        given = {**lock, "ifGenerationMatch": version}
        gone = Request("Unlock it", "storage.v1", "objects.delete", given, accept=(404, 412))
        return [gone] if version else []

    return (
        Stage("lock", "Look whether the state is locked", lambda _: [found]),
        Stage("unlock", "Take away the lock of the release that died", remove),
    )


def before(deployment: Deployment, places: Places, release: Release) -> Stage:
    """Network, stores, jobs, and what serves already."""

    def steps(outputs: Outputs) -> Sequence[Step]:
        released = not is_first(outputs)
        made = _steps(deployment, places, release, outputs, released=released)
        return [*made, *([traffic.look(places, "service")] if released else [])]

    return Stage("infrastructure", "Make the infrastructure", steps, remembered=True)


def after(deployment: Deployment, places: Places, release: Release) -> Stage:
    """The service, closed to the public, and the workers: on the first release only."""

    def steps(outputs: Outputs) -> Sequence[Step]:
        if not is_first(outputs):
            return []
        made = _steps(deployment, places, release, outputs, released=True)
        return [*made, traffic.look(places, "service")]

    return Stage("service", "Make the service, closed to the public", steps, remembered=True)


def is_first(outputs: Outputs) -> bool:
    """Whether nothing has been released yet."""
    return not outputs.get("before")


def program(deployment: Deployment, places: Places) -> dict[str, str | Secret]:
    """What Terraform finds in its environment beside the caller's own."""
    given = {
        "database_admin_password": keys.admin(deployment, places),
        "database_password": keys.password(deployment, places),
    }
    secrets = {f"TF_VAR_{name}": Secret(places.secret(id)) for name, id in given.items() if id}
    return {**terraform.UNATTENDED, **secrets}


def variables(places: Places, outputs: Outputs, *, released: bool) -> dict[str, str]:
    """What is known when it is deployed only."""
    return {
        "project_id": places.project,
        "image": outputs.text("image"),
        "released": str(released).lower(),
    }


def var_files(deployment: Deployment) -> tuple[str, ...]:
    """Terraform reads those of production by itself."""
    production = deployment.environment == "production"
    return () if production else (f"{deployment.environment}.tfvars.json",)


def _steps(
    deployment: Deployment, places: Places, release: Release, outputs: Outputs, *, released: bool
) -> list[Step]:
    environment = program(deployment, places)
    given = variables(places, outputs, released=released)

    def run(label: str, argv: tuple[str, ...], **extra: Any) -> Run:
        return Run(label, argv, release.infrastructure, environment, **extra)

    tool, files = release.terraform, var_files(deployment)
    plan = terraform.plan(tool, PLAN, var_files=files, variables=given)
    return [
        run("Bring the providers", terraform.init(tool, places.state, prefix=places.site)),
        run("Plan the infrastructure", plan, statuses=(0, terraform.CHANGES)),
        run("Apply the plan", terraform.apply(tool, PLAN)),
        run("What it made", terraform.output(tool), output="infrastructure", read=answers),
    ]


def answers(printed: str) -> Mapping[str, Any]:
    """The outputs by name; one that is sensitive is left out, as nothing here needs it."""
    found = json.loads(printed)
    return {name: each["value"] for name, each in found.items() if not each.get("sensitive")}
