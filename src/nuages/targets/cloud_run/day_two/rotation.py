"""Secrets that are renewed, and everybody who has to know the new value.

An instance reads its secrets when it starts. Of the database's password there is one at a time,
so the order is: the new value, a new revision that has read it and that nobody is sent to, the
database, and at once the traffic. Between the last two, running instances go on with the
connections that they have, and get no new ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from nuages.config.secret_names import SUPERUSER_PASSWORD
from nuages.errors import UsageError
from nuages.model import Deployment
from nuages.steps.site import GivenSecret
from nuages.steps.stage import Outputs, Stage
from nuages.steps.step import Again, Fresh, Request, Secret, Step
from nuages.steps.task import Task
from nuages.targets.cloud_run.day_two import restart, secrets
from nuages.targets.cloud_run.environment import secret_ids
from nuages.targets.cloud_run.places import Places
from nuages.targets.cloud_run.release import jobs, keys
from nuages.targets.cloud_run.values import ADMIN, values

INIT = "db-init"


def rotated(
    deployment: Deployment, places: Places, name: str, moment: str
) -> Task[tuple[GivenSecret, ...]]:
    """Another value for one secret; ``moment`` ends the names of revisions that it needs."""
    demand(deployment, places, name)
    id = secret_ids(deployment, places.site)[name]
    added = secrets.added_values(places, {id: Fresh()})
    after: tuple[Stage, ...] = ()
    if id == keys.admin(deployment, places):
        after = (Stage("admin", "Tell the database", lambda o: _admin(places, o)),)
    elif id == keys.password(deployment, places):
        after = _password(deployment, places, moment)
    undo = (_undone(places, id),) if id == keys.password(deployment, places) else ()

    def answer(outputs: Outputs) -> tuple[GivenSecret, ...]:
        taken = bool(after) and _is_released(outputs)
        return (replace(secrets.answer(name, id, outputs), taken=taken),)

    return Task((*added, *after), answer, after=undo)


def demand(deployment: Deployment, places: Places, name: str) -> None:
    """Raises UsageError where a value that is made up would do harm or nothing."""
    if name == SUPERUSER_PASSWORD:
        raise UsageError(
            f"{name} is read once, when the account is made: another value changes nothing",
            hint="Change the password in the site itself.",
            reason="not-rotated",
        )
    if not secrets.names(deployment, places)[name]:
        raise UsageError(
            f"Nobody can make up a value of {name}",
            hint=f"Get a new one where it comes from, then: nuages secrets set {name}",
            reason="not-rotated",
        )


def _admin(places: Places, outputs: Outputs) -> Sequence[Step]:
    """Only db-init reads it, and it is not running now."""
    if not _is_released(outputs):
        return []
    tell = Request(
        "The administrator's password",
        "sqladmin.v1",
        "users.update",
        {
            "project": places.project,
            "instance": outputs.text("infrastructure", "database", "instance"),
            "name": ADMIN,
        },
        {"name": ADMIN, "password": Secret(places.secret(f"{places.site}-{keys.ADMIN}"))},
    )
    return [tell]


def _password(deployment: Deployment, places: Places, moment: str) -> tuple[Stage, ...]:
    timeout = values(deployment)["jobs"][INIT]["timeout"]

    def start(outputs: Outputs) -> Sequence[Step]:
        return [jobs.start(places, INIT, {})] if _is_released(outputs) else []

    def end(outputs: Outputs) -> Sequence[Step]:
        if not _is_released(outputs):
            return []
        return [jobs.end(places, INIT, jobs.started(INIT, outputs), timeout)]

    return (
        keys.url(deployment, places),
        *restart.prepared(places, moment),
        Stage("alter", "Tell the database", start),
        Stage("altered", "Tell the database", end),
        Stage("judge", "Whether it knows", lambda o: jobs.judge(INIT, o)),
        restart.shifted(places),
        *restart.workers(deployment, places, moment),
    )


def _undone(places: Places, id: str) -> Stage:
    """The value before, once more, where the database was not told the new one.

    What starts reads the newest version, and fails where that one is disabled
    (https://cloud.google.com/secret-manager/docs/access-secret-version).
    """

    def steps(outputs: Outputs) -> Sequence[Step]:
        told = outputs.get(f"execution:{INIT}", "succeededCount")
        before = secrets.before(id, outputs)
        if told or before is None or not _is_released(outputs):
            return []
        return [secrets.added(places, id, Again(before))]

    return Stage("undo", "Bring the value before back", steps)


def _is_released(outputs: Outputs) -> bool:
    """Before the first release there is no database that could be told."""
    return bool(outputs.get("infrastructure"))
