"""Backups of the database: made, listed, brought back, tried.

Sources: https://cloud.google.com/sql/docs/postgres/admin-api/rest/v1/backupRuns and
https://cloud.google.com/sql/docs/postgres/backup-recovery/restoring: a backup brings back all of
an instance, its accounts and their passwords too, so that these are set anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any

from nuages.errors import StepFailed, UsageError
from nuages.steps.site import Backup, Restored
from nuages.steps.stage import Outputs, Stage
from nuages.steps.step import Request, Secret, Step
from nuages.steps.task import Task
from nuages.targets.cloud_run.day_two import commands
from nuages.targets.cloud_run.places import Places
from nuages.targets.cloud_run.release import jobs, keys
from nuages.targets.cloud_run.values import ADMIN, RUN

HOUR = 3600
INIT = "db-init"
CHECK = 1800
"""Seconds that reading all of it may take."""


def instance(outputs: Outputs) -> str:
    """The name of the server. Raises UsageError where the site has none."""
    found = outputs.get("infrastructure", "database", "instance")
    if found is None and not outputs.dry:
        raise UsageError(
            "This site has no database server",
            hint="`database:` in nuages.yaml gives it one.",
            reason="no-database",
        )
    return str(found or outputs.text("infrastructure", "database", "instance"))


def asked(label: str, method: str, places: Places, name: str, **extra: Any) -> Request:
    """A request about one server."""
    given = {"project": places.project, "instance": name, **extra.pop("parameters", {})}
    return Request(label, "sqladmin.v1", method, given, patience=HOUR, **extra)


def made(places: Places, description: str) -> Task[tuple[Backup, ...]]:
    """One more backup; the answer has all there are."""
    return Task((backup(places, description), *_listing(places)), listed)


def every(places: Places) -> Task[tuple[Backup, ...]]:
    """The newest first."""
    return Task(_listing(places), listed)


def backup(places: Places, description: str) -> Stage:
    """Back the database up, and wait for it."""

    def steps(outputs: Outputs) -> Sequence[Step]:
        body = {"description": description}
        name = instance(outputs)
        return [asked("Back the database up", "backupRuns.insert", places, name, body=body)]

    return Stage("backup", "Back the database up", steps)


def _listing(places: Places) -> tuple[Stage, ...]:
    def steps(outputs: Outputs) -> Sequence[Step]:
        more = {"parameters": {"maxResults": 50}, "output": "backups"}
        return [asked("The backups", "backupRuns.list", places, instance(outputs), **more)]

    return (Stage("backups", "List the backups", steps),)


def listed(outputs: Outputs) -> tuple[Backup, ...]:
    return tuple(_backup(each) for each in outputs.mapping("backups").get("items", ()))


def _backup(found: Mapping[str, Any]) -> Backup:
    return Backup(
        str(found.get("id", "")),
        str(found.get("status", "")).lower(),
        str(found.get("type", "")).lower(),
        str(found.get("startTime", "")),
        str(found.get("endTime", "")),
        str(found.get("description", "")),
    )


def restored(places: Places, wanted: str, *, keep: bool) -> Task[Restored]:
    """A backup over what is there now; with ``keep`` that is backed up first."""

    def answer(outputs: Outputs) -> Restored:
        return Restored(chosen(wanted, outputs), instance(outputs), commands.answer(outputs))

    def bring(outputs: Outputs) -> Sequence[Step]:
        name = instance(outputs)
        return [
            restore(places, chosen(wanted, outputs), name, name),
            admin(places, name),
            jobs.start(places, INIT, {}),
        ]

    def find(outputs: Outputs) -> Sequence[Step]:
        chosen(wanted, outputs)
        return []

    stages = (
        *_listing(places),
        Stage("chosen", "Find it", find),
        *((backup(places, "before a restore"),) if keep else ()),
        Stage("restore", "Bring it back", bring),
        *initialised(places),
        *checked(places, lambda _: {}),
    )
    return Task(stages, answer)


def chosen(wanted: str, outputs: Outputs) -> str:
    """``latest``, or an id of the list. Raises UsageError for another."""
    whole = [each for each in listed(outputs) if each.state == "successful"]
    if wanted == "latest" and whole:
        return whole[0].id
    if wanted not in {each.id for each in whole}:
        known = ", ".join(each.id for each in whole[:5]) or "none yet, `nuages db backup` makes one"
        raise UsageError(
            f"There is no backup {wanted!r} that could be brought back",
            hint=f"There are: {known}. `nuages db backup --list` shows all.",
            reason="no-backup",
        )
    return wanted


def restore(places: Places, backup: str, source: str, target: str) -> Request:
    """A backup of one server onto another, or itself."""
    context = {"backupRunId": backup, "instanceId": source, "project": places.project}
    body = {"restoreBackupContext": {"kind": "sql#restoreBackupContext", **context}}
    return asked("Bring the backup back", "instances.restoreBackup", places, target, body=body)


def admin(places: Places, name: str) -> Request:
    """The administrator's password as the secret has it."""
    secret = Secret(places.secret(f"{places.site}-{keys.ADMIN}"))
    more = {"parameters": {"name": ADMIN}, "body": {"name": ADMIN, "password": secret}}
    return asked("The administrator's password", "users.update", places, name, **more)


def initialised(places: Places) -> tuple[Stage, ...]:
    """The end of a db-init that was started: it makes the site's role what it has to be."""
    return (
        Stage(
            "init",
            "Make the site's role",
            lambda o: [jobs.end(places, INIT, jobs.started(INIT, o), HOUR)],
        ),
        Stage("init:judge", "Whether it is there", _judged),
    )


def _judged(outputs: Outputs) -> Sequence[Step]:
    if jobs.failed(INIT, outputs):
        raise StepFailed(
            f"The job {INIT} failed after the backup was brought back",
            hint=f"nuages logs --service {INIT}",
            reason="restore-failed",
        )
    return []


def checked(places: Places, environment: Any) -> tuple[Stage, ...]:
    """Read it with the site's own code; ``environment`` makes variables of what is known."""
    script = files(__package__).joinpath("scripts", "restored.py").read_text("utf-8")

    def start(outputs: Outputs) -> Sequence[Step]:
        env = [{"name": name, "value": v} for name, v in environment(outputs).items()]
        given = {"args": ["python", "-c", script], **({"env": env} if env else {})}
        return [jobs.start(places, RUN, given, {"timeout": f"{CHECK}s"})]

    def end(outputs: Outputs) -> Sequence[Step]:
        name = jobs.started(RUN, outputs)
        return [commands.followed(places, name, CHECK), commands.tasks(name)]

    return (
        Stage("check", "Read it with the site's code", start),
        Stage("check:end", "Read it with the site's code", end),
    )
