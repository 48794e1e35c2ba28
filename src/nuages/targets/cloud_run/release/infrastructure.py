"""Terraform in a release: everything but the service first, the service once all is migrated."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from nuages.changes.reading import plan
from nuages.changes.words import losses
from nuages.errors import Conflict
from nuages.model import Deployment
from nuages.steps import terraform
from nuages.steps.release import Release
from nuages.steps.stage import Outputs, Stage
from nuages.steps.step import Request, Step
from nuages.targets.cloud_run.nouns import NOUNS
from nuages.targets.cloud_run.places import Places
from nuages.targets.cloud_run.release import traffic
from nuages.targets.cloud_run.release.folder import Folder

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
    site = Folder(deployment, places, release)

    def plan(outputs: Outputs) -> Sequence[Step]:
        if _is_made(release, outputs):
            return []
        return _planned(site, outputs, released=not is_first(outputs))

    def apply(outputs: Outputs) -> Sequence[Step]:
        made = [] if _is_made(release, outputs) else _applied(site, outputs)
        return [*made, *([] if is_first(outputs) else [traffic.look(places, "service")])]

    return (
        Stage("plan", "Plan the infrastructure", plan),
        Stage("infrastructure", "Make the infrastructure", apply, remembered=True),
    )


def after(deployment: Deployment, places: Places, release: Release) -> tuple[Stage, ...]:
    """The service, closed to the public, and the workers: on the first release only."""
    site = Folder(deployment, places, release)

    def plan(outputs: Outputs) -> Sequence[Step]:
        return _planned(site, outputs, released=True) if is_first(outputs) else []

    def apply(outputs: Outputs) -> Sequence[Step]:
        if not is_first(outputs):
            return []
        return [*_applied(site, outputs), traffic.look(places, "service")]

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


def _planned(site: Folder, outputs: Outputs, *, released: bool) -> list[Step]:
    """What would change, and which data would be lost by it."""
    variables = site.variables(outputs, released=released)
    plan = terraform.plan(site.tool, PLAN, var_files=site.var_files, variables=variables)
    return [
        site.init(),
        site.run("Plan the infrastructure", plan, statuses=(0, terraform.CHANGES)),
        site.run("Read the plan", terraform.show(site.tool, PLAN), output="losses", read=lost),
    ]


def _applied(site: Folder, outputs: Outputs) -> list[Step]:
    """Raises Conflict where data would be lost and nobody has agreed to that."""
    losses = outputs.get("losses") or ()
    if losses and not site.release.allow_loss:
        raise Conflict(
            "The infrastructure cannot become so without losing data",
            hint="`nuages plan` shows why. Take a backup (`nuages db backup`), then give "
            "--allow-loss, or take back what forces it.",
            detail="\n".join(losses),
            reason="data-loss",
        )

    def read(printed: str) -> dict[str, Any]:
        return answers(printed) | {APPLIED: site.release.configuration}

    return [
        site.run("Apply the plan", terraform.apply(site.tool, PLAN)),
        site.run("What it made", terraform.output(site.tool), output="infrastructure", read=read),
    ]


def lost(printed: str) -> list[str]:
    """What a plan would lose, in plain words; nothing else of it is kept."""
    return list(losses(plan(printed), NOUNS))


def answers(printed: str) -> dict[str, Any]:
    """The outputs by name; one that is sensitive is left out, as nothing here needs it."""
    found = json.loads(printed)
    return {name: each["value"] for name, each in found.items() if not each.get("sensitive")}
