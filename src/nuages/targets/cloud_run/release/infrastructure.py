"""Terraform in a release: everything but the service first, the service once all is migrated."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from nuages.changes.reading import plan
from nuages.changes.words import losses
from nuages.errors import Conflict
from nuages.model import Deployment
from nuages.steps import terraform
from nuages.steps.release import Release
from nuages.steps.stage import Outputs, Stage
from nuages.steps.step import Request, Run, Secret, Step
from nuages.targets.cloud_run.nouns import NOUNS
from nuages.targets.cloud_run.places import Places
from nuages.targets.cloud_run.release import keys, traffic

PLAN = "nuages.tfplan"
APPLIED = "applied"
"""Which configuration the outputs are of."""


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


def before(deployment: Deployment, places: Places, release: Release) -> tuple[Stage, ...]:
    """Network, stores, jobs, and what serves already; nothing where it was all made so before."""
    terraform_ = Terraform(deployment, places, release)

    def plan(outputs: Outputs) -> Sequence[Step]:
        if _is_made(release, outputs):
            return []
        return terraform_.plan(outputs, released=not is_first(outputs))

    def apply(outputs: Outputs) -> Sequence[Step]:
        made = [] if _is_made(release, outputs) else terraform_.apply(outputs)
        return [*made, *([] if is_first(outputs) else [traffic.look(places, "service")])]

    return (
        Stage("plan", "Plan the infrastructure", plan),
        Stage("infrastructure", "Make the infrastructure", apply, remembered=True),
    )


def after(deployment: Deployment, places: Places, release: Release) -> tuple[Stage, ...]:
    """The service, closed to the public, and the workers: on the first release only."""
    terraform_ = Terraform(deployment, places, release)

    def plan(outputs: Outputs) -> Sequence[Step]:
        return terraform_.plan(outputs, released=True) if is_first(outputs) else []

    def apply(outputs: Outputs) -> Sequence[Step]:
        if not is_first(outputs):
            return []
        return [*terraform_.apply(outputs), traffic.look(places, "service")]

    return (
        Stage("service-plan", "Plan the service", plan),
        Stage("service", "Make the service, closed to the public", apply, remembered=True),
    )


def _is_made(release: Release, outputs: Outputs) -> bool:
    """Whether the last release was made from the very same configuration."""
    applied = outputs.get("infrastructure", APPLIED)
    return (
        not release.reapply
        and bool(applied)
        and applied == release.configuration
        and not is_first(outputs)
    )


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


@dataclass(frozen=True)
class Terraform:
    """The steps of planning and applying, in the folder of the configuration."""

    deployment: Deployment
    places: Places
    release: Release

    def plan(self, outputs: Outputs, *, released: bool) -> list[Step]:
        """What would change, and which data would be lost by it."""
        tool = self.release.terraform
        given = variables(self.places, outputs, released=released)
        plan = terraform.plan(tool, PLAN, var_files=var_files(self.deployment), variables=given)
        init = terraform.init(tool, self.places.state, prefix=self.places.site)
        return [
            self._run("Bring the providers", init),
            self._run("Plan the infrastructure", plan, statuses=(0, terraform.CHANGES)),
            self._run("Read the plan", terraform.show(tool, PLAN), output="losses", read=lost),
        ]

    def apply(self, outputs: Outputs) -> list[Step]:
        """Raises Conflict where data would be lost and nobody has agreed to that."""
        losses = outputs.get("losses") or ()
        if losses and not self.release.allow_loss:
            raise Conflict(
                "The infrastructure cannot become so without losing data",
                hint="`nuages plan` shows why. Take a backup (`nuages db backup`), then give "
                "--allow-loss, or take back what forces it.",
                detail="\n".join(losses),
                reason="data-loss",
            )
        tool = self.release.terraform
        return [
            self._run("Apply the plan", terraform.apply(tool, PLAN)),
            self._run(
                "What it made",
                terraform.output(tool),
                output="infrastructure",
                read=lambda printed: answers(printed) | {APPLIED: self.release.configuration},
            ),
        ]

    def _run(self, label: str, argv: tuple[str, ...], **extra: Any) -> Run:
        environment = program(self.deployment, self.places)
        return Run(label, argv, self.release.infrastructure, environment, **extra)


def lost(printed: str) -> list[str]:
    """What a plan would lose, in plain words; nothing else of it is kept."""
    return list(losses(plan(printed), NOUNS))


def answers(printed: str) -> dict[str, Any]:
    """The outputs by name; one that is sensitive is left out, as nothing here needs it."""
    found = json.loads(printed)
    return {name: each["value"] for name, each in found.items() if not each.get("sensitive")}
