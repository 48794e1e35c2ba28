"""A command of the user's, run once beside the site: an execution of a job that is there for it.

An execution may override arguments, but no command (ContainerOverride of
https://cloud.google.com/run/docs/reference/rest/v2/projects.locations.jobs/run), so that the job
``run`` has none: its arguments are the whole command, behind the image's own entrypoint.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from nuages.errors import StepFailed
from nuages.steps.site import Execution
from nuages.steps.stage import Outputs, Stage
from nuages.steps.step import Await, Request, Step
from nuages.steps.task import Task
from nuages.targets.cloud_run import logs
from nuages.targets.cloud_run.places import Places
from nuages.targets.cloud_run.release import jobs
from nuages.targets.cloud_run.values import RUN

TIMEOUT = 3600


def started(places: Places, argv: Sequence[str], timeout: int | None) -> Task[Execution]:
    """Start it."""
    return Task(
        (
            Stage("run:look", "Look for the job", lambda _: [_look(places)]),
            Stage("run:start", "Start it", lambda o: [_start(places, argv, timeout, o)]),
        ),
        lambda o: Execution(jobs.started(RUN, o), RUN, "running"),
    )


def awaited(places: Places, execution: Execution, timeout: int | None) -> Task[Execution]:
    """Show what it prints, to its end."""
    name = execution.id
    end = followed(places, name, timeout or TIMEOUT)
    return Task(
        (
            Stage("run:wait", "Run it", lambda _: [end]),
            Stage("run:tasks", "How it ended", lambda _: [tasks(name)]),
        ),
        answer,
    )


def followed(places: Places, execution: str, timeout: int) -> Await:
    """Its end, and what it prints until then; the platform's own words are left out."""
    log = logs.tail(places, logs.printed(places, execution))
    return replace(jobs.end(places, RUN, execution, timeout), follow=log)


def cancelled(execution: Execution) -> Task[None]:
    """End it."""
    cancel = Request(
        "Cancel it",
        "run.v2",
        "projects.locations.jobs.executions.cancel",
        {"name": execution.id},
        {},
        patience=0,
    )
    return Task((Stage("run:cancel", "Cancel it", lambda _: [cancel]),), lambda _: None)


def _look(places: Places) -> Request:
    return Request(
        "The job for commands",
        "run.v2",
        "projects.locations.jobs.get",
        {"name": places.job(RUN)},
        output=f"job:{RUN}",
        accept=(404,),
    )


def _start(places: Places, argv: Sequence[str], timeout: int | None, outputs: Outputs) -> Step:
    if not outputs.get(f"job:{RUN}") and not outputs.dry:
        raise StepFailed(
            f"There is no job {places.site}-{RUN} to run commands with",
            hint="It is made with the site: `nuages deploy`.",
            reason="not-released",
        )
    limit = {"timeout": f"{timeout}s"} if timeout else {}
    return jobs.start(places, RUN, {"args": list(argv)}, limit)


def tasks(execution: str) -> Request:
    return Request(
        "How it ended",
        "run.v2",
        "projects.locations.jobs.executions.tasks.list",
        {"parent": execution, "pageSize": 1},
        output="tasks",
    )


def answer(outputs: Outputs) -> Execution:
    """How it ended, with the exit code of its process."""
    found = outputs.mapping(f"execution:{RUN}")
    state = state_of(found)
    code = 0 if state == "succeeded" else _exit_code(outputs)
    at, ended = str(found.get("startTime", "")), str(found.get("completionTime", ""))
    return Execution(str(found["name"]), RUN, state, at, ended, code, _message(found))


def state_of(execution: Mapping[str, Any]) -> Any:
    """``running``, ``succeeded``, ``failed`` or ``cancelled``."""
    if not execution.get("completionTime"):
        return "running"
    if execution.get("cancelledCount"):
        return "cancelled"
    return "succeeded" if execution.get("succeededCount") else "failed"


def _message(execution: Mapping[str, Any]) -> str:
    said = (c.get("message", "") for c in execution.get("conditions", ()) if c.get("message"))
    return next(said, "")


def _exit_code(outputs: Outputs) -> int | None:
    """A shell's way to tell of a signal is 128 and its number."""
    tasks = outputs.mapping("tasks").get("tasks") or [{}]
    last = tasks[0].get("lastAttemptResult", {})
    signal = last.get("termSignal")
    return 128 + int(signal) if signal else last.get("exitCode")
