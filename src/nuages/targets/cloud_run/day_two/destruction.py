"""A site is taken down: told first, backed up, unprotected, destroyed, and what stays is named.

A backup that is retained outlives its server until somebody deletes it:
https://cloud.google.com/sql/docs/postgres/backup-recovery/backups#retained-backups.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from nuages.changes import reading
from nuages.changes.change import Change, Plan
from nuages.model import Deployment
from nuages.steps import terraform
from nuages.steps.release import Release
from nuages.steps.site import Leftover
from nuages.steps.stage import Outputs, Stage
from nuages.steps.step import Step
from nuages.steps.task import Task
from nuages.targets.cloud_run.day_two import backups
from nuages.targets.cloud_run.places import Places
from nuages.targets.cloud_run.release import builder, infrastructure, keys, uploads
from nuages.targets.cloud_run.release.folder import Folder

PLAN = "nuages-destroy.tfplan"
_PROTECTED = (
    "google_sql_database_instance.postgresql",
    "google_sql_database_instance.mysql",
    "google_cloud_run_v2_service.web",
)
"""What ``deletion_protection`` of the module keeps; uploads besides."""
_NOBODY = "none"
"""The image of a site that nothing was ever built for."""


def doomed(deployment: Deployment, places: Places, release: Release, *, files: bool) -> Task[Plan]:
    """The plan of a destruction; nothing is changed by it."""
    site = Folder(deployment, places, release)

    def steps(outputs: Outputs) -> Sequence[Step]:
        show = terraform.show(site.tool, PLAN)
        return [
            site.init(),
            site.run("Plan the end", _plan(site, outputs), statuses=(0, terraform.CHANGES)),
            site.run("Read the plan", show, output="doomed", read=reading.plan),
        ]

    def answer(outputs: Outputs) -> Plan:
        found: Plan = outputs.known["doomed"]
        return replace(found, changes=tuple(c for c in found.changes if files or not is_kept(c)))

    look = infrastructure.look(places)
    return Task((look, Stage("doomed", "What would go", steps)), answer)


def is_kept(change: Change) -> bool:
    """Whether it is the uploads, which stay unless somebody says otherwise."""
    return change.address.startswith(uploads.ADDRESS)


def destroyed(
    deployment: Deployment, places: Places, release: Release, *, backup: bool, files: bool
) -> Task[tuple[Leftover, ...]]:
    """All of it; with ``backup`` the database's last one stays, without ``files`` the uploads."""
    site = Folder(deployment, places, release)

    def unprotect(outputs: Outputs) -> Sequence[Step]:
        plan = _plan(site, outputs, targets=[*_PROTECTED, *([uploads.ADDRESS] if files else [])])
        return [
            site.init(),
            site.run("Plan to lift the protection", plan, statuses=(0, terraform.CHANGES)),
            site.run("Lift the protection", terraform.apply(site.tool, PLAN)),
        ]

    def destroy(outputs: Outputs) -> Sequence[Step]:
        return [
            *(_left(site, outputs) if not files else []),
            site.run("Plan the end", _plan(site, outputs), statuses=(0, terraform.CHANGES)),
            site.run("Destroy it", terraform.apply(site.tool, PLAN)),
        ]

    stages = (
        infrastructure.look(places),
        *infrastructure.unlocked(places, release),
        Stage("unprotect", "Lift the protection", unprotect),
        *(_last_backup(places) if backup else ()),
        Stage("destroy", "Destroy it", destroy),
        Stage("builder", "Remove the account that built", lambda _: [builder.removed(places)]),
    )
    return Task(stages, lambda o: tuple(_remains(deployment, places, o, files=files)))


def _plan(site: Folder, outputs: Outputs, targets: Sequence[str] = ()) -> tuple[str, ...]:
    """The end of everything; with ``targets``, those without their protection."""
    known = outputs if outputs.get("image") or outputs.dry else outputs.having("image", _NOBODY)
    given = site.variables(known, released=not infrastructure.is_first(outputs))
    return terraform.plan(
        site.tool,
        PLAN,
        var_files=site.var_files,
        variables={**given, "deletion_protection": "false"},
        destroy=not targets,
        targets=targets,
    )


def _left(site: Folder, outputs: Outputs) -> list[Step]:
    """Terraform looks after the uploads no more; they are not there, or no more, at times."""
    if not outputs.get("infrastructure", "buckets", "media"):
        return []
    forget = terraform.forget(site.tool, [uploads.ADDRESS])
    return [site.run("Leave the uploads where they are", forget, statuses=(0, 1))]


def _last_backup(places: Places) -> tuple[Stage, ...]:
    """The server is told to retain its backups, and makes one more."""

    def look(outputs: Outputs) -> Sequence[Step]:
        name = outputs.get("infrastructure", "database", "instance")
        more: Mapping[str, Any] = {"output": "server", "accept": (404,)}
        return [backups.asked("The server", "instances.get", places, name, **more)] if name else []

    def make(outputs: Outputs) -> Sequence[Step]:
        if not outputs.get("server"):
            return []
        name = backups.instance(outputs)
        body = {"settings": {"retainBackupsOnDelete": True}}
        return [
            backups.asked("Retain the backups", "instances.patch", places, name, body=body),
            *backups.backup(places, "before the end").steps(outputs),
        ]

    def list_(outputs: Outputs) -> Sequence[Step]:
        return backups.every(places).stages[0].steps(outputs) if outputs.get("server") else []

    return (
        Stage("server", "Look at the server", look),
        Stage("final", "Back it up for the last time", make),
        Stage("kept", "List what is kept", list_),
    )


def _remains(
    deployment: Deployment, places: Places, outputs: Outputs, *, files: bool
) -> Iterator[Leftover]:
    newest = next(iter(backups.listed(outputs)), None)
    if newest is not None:
        server = backups.instance(outputs)
        yield Leftover("backup", f"{server}/{newest.id}", "the last one of the database")
    media = outputs.get("infrastructure", "buckets", "media")
    if media and not files:
        yield Leftover("bucket", str(media), "what people have uploaded")
    for id in keys.ids(deployment, places):
        yield Leftover("secret", id, "made before everything else; costs cents")
    yield Leftover("registry", places.registry, "the images of all releases")
    yield Leftover("bucket", places.state, "the state of everything that Nuages has made here")
