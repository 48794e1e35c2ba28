"""Jobs of a release: given the new image, started once, followed to their end, judged.

Source: https://cloud.google.com/run/docs/reference/rest/v2/projects.locations.jobs/run and
https://cloud.google.com/run/docs/reference/rest/v2/projects.locations.jobs.executions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from nuages.errors import StepFailed
from nuages.model import Deployment
from nuages.steps.release import Release
from nuages.steps.stage import Outputs, Stage
from nuages.steps.step import Await, Request, Step
from nuages.targets.cloud_run import logs
from nuages.targets.cloud_run.places import Places
from nuages.targets.cloud_run.release import containers
from nuages.targets.cloud_run.values import values

MARK = "NUAGES_RELEASE"
"""The variable by which an execution is known again after a release has died."""
_OWN = ("template", "labels", "annotations", "launchStage", "binaryAuthorization")
"""What a patch may say of a job; all else is the API's own to tell."""


def renewed(
    deployment: Deployment, places: Places, name: str, names: Sequence[str]
) -> tuple[Stage, ...]:
    """Give some jobs the new image, environment and volumes; the rest is Terraform's."""
    return (
        Stage(f"{name}:look", "Look at the jobs", lambda _: [_look(places, job) for job in names]),
        Stage(
            f"{name}:image",
            "Give the jobs the new image",
            lambda o: [_renewal(deployment, places, job, o) for job in names],
        ),
    )


def _look(places: Places, job: str) -> Request:
    return Request(
        f"The job {job}",
        "run.v2",
        "projects.locations.jobs.get",
        {"name": places.job(job)},
        output=f"job:{job}",
    )


def _renewal(deployment: Deployment, places: Places, job: str, outputs: Outputs) -> Request:
    found = outputs.mapping(f"job:{job}")
    given = values(deployment)["jobs"][job]
    task = {**found.get("template", {}).get("template", {})}
    container = {**next(iter(task.get("containers", ())), {})}
    container["image"] = outputs.text("image")
    container["env"] = containers.variables(deployment, places, outputs, given)
    task["volumes"], container["volumeMounts"] = containers.volumes(deployment, outputs)
    template = {**found.get("template", {}), "template": {**task, "containers": [container]}}
    kept = {name: found[name] for name in _OWN if name in found}
    return Request(
        f"The new image for {job}",
        "run.v2",
        "projects.locations.jobs.patch",
        {"name": places.job(job)},
        {**kept, "template": template},
    )


def once(places: Places, release: Release, job: str, timeout: int, title: str) -> tuple[Stage, ...]:
    """Run a job once for a release, however often the release is begun again.

    What an earlier release left running is waited for: two migrations at once would both do what
    is to be done once.
    """
    return (
        Stage(f"{job}:find", title, lambda _: [_executions(places, job)]),
        Stage(f"{job}:others", title, lambda o: _others(release, job, timeout, o)),
        Stage(f"{job}:run", title, lambda o: _start(places, release, job, o)),
        Stage(f"{job}:wait", title, lambda o: [_end(places, release, job, timeout, o)]),
        Stage(f"{job}:log", title, lambda o: _log_of_failure(places, job, o)),
        Stage(f"{job}:judge", title, lambda o: judge(job, o), remembered=True),
    )


def _executions(places: Places, job: str) -> Request:
    return Request(
        f"Earlier executions of {job}",
        "run.v2",
        "projects.locations.jobs.executions.list",
        {"parent": places.job(job), "pageSize": 20},
        output=f"executions:{job}",
    )


def _known(job: str, outputs: Outputs) -> Sequence[Mapping[str, Any]]:
    found: Sequence[Mapping[str, Any]] = outputs.mapping(f"executions:{job}").get("executions", ())
    return found


def adopted(release: Release, job: str, outputs: Outputs) -> str | None:
    """The execution that this release has started already, unless it has not gone well."""
    for each in _known(job, outputs):
        runs = not each.get("completionTime")
        if _mark(each) == release.id and (runs or each.get("succeededCount")):
            return str(each["name"])
    return None


def _mark(execution: Mapping[str, Any]) -> str | None:
    containers_ = execution.get("template", {}).get("containers", ())
    env = {e["name"]: e.get("value") for c in containers_ for e in c.get("env", ())}
    return env.get(MARK)


def _others(release: Release, job: str, timeout: int, outputs: Outputs) -> Sequence[Step]:
    """Wait for what other releases have started and not seen end, however it ends."""
    names = (
        str(each["name"])
        for each in _known(job, outputs)
        if _mark(each) != release.id and not each.get("completionTime")
    )
    return [
        Await(
            Request(
                f"What an earlier release has started of {job}",
                "run.v2",
                "projects.locations.jobs.executions.get",
                {"name": name},
            ),
            until=_ended,
            patience=timeout + 300,
        )
        for name in names
    ]


def _ended(execution: Mapping[str, Any]) -> bool:
    return bool(execution.get("completionTime"))


def _start(places: Places, release: Release, job: str, outputs: Outputs) -> Sequence[Step]:
    if adopted(release, job, outputs):
        return []
    return [start(places, job, {"env": [{"name": MARK, "value": release.id}]})]


def start(
    places: Places,
    job: str,
    container: Mapping[str, Any],
    overrides: Mapping[str, Any] | None = None,
) -> Request:
    """Start an execution, with what differs from the job in its container and elsewhere."""
    return Request(
        f"Start {job}",
        "run.v2",
        "projects.locations.jobs.run",
        {"name": places.job(job)},
        {"overrides": {"containerOverrides": [dict(container)], **(overrides or {})}},
        output=f"started:{job}",
        patience=0,
    )


def started(job: str, outputs: Outputs) -> str:
    """The name of the execution that ``start`` has made."""
    return outputs.text(f"started:{job}", "metadata", "name")


def _end(places: Places, release: Release, job: str, timeout: int, outputs: Outputs) -> Await:
    name = adopted(release, job, outputs) or started(job, outputs)
    return end(places, job, name, timeout)


def end(places: Places, job: str, execution: str, timeout: int) -> Await:
    """Wait for an execution, and show what it prints."""
    return Await(
        Request(
            f"Run {job}",
            "run.v2",
            "projects.locations.jobs.executions.get",
            {"name": execution},
            output=f"execution:{job}",
        ),
        until=_ended,
        patience=timeout + 300,
        follow=logs.tail(places, logs.of_execution(places, execution)),
    )


def failed(job: str, outputs: Outputs) -> bool:
    """Whether the execution has ended, and not well."""
    found = outputs.mapping(f"execution:{job}")
    return bool(found) and not outputs.dry and not found.get("succeededCount")


def _log_of_failure(places: Places, job: str, outputs: Outputs) -> Sequence[Step]:
    if not failed(job, outputs):
        return []
    name = outputs.text(f"execution:{job}", "name")
    return [logs.of_execution(places, name, output=f"log:{job}")]


def judge(job: str, outputs: Outputs) -> Sequence[Step]:
    """Nothing to do where it went well. Raises StepFailed, with the log, where it did not."""
    if not failed(job, outputs):
        return []
    lines = logs.lines(outputs.mapping(f"log:{job}"))
    where = outputs.get(f"execution:{job}", "logUri")
    raise StepFailed(
        f"The job {job} failed; what served before serves on",
        hint="Mend it and deploy again." + (f" The whole log: {where}" if where else ""),
        detail="\n".join(lines[-40:]),
        reason=f"{job}-failed",
    )
