"""run.v2 jobs.run, and the executions that it makes."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

from fakes.google.calls import Call, Json, answers
from fakes.google.clock import etag, now, suffix
from fakes.google.errors import GoogleError, invalid, not_found
from fakes.google.kinds import JOB
from fakes.google.pages import page
from fakes.google.protocol import NotReady, Outcome
from fakes.google.services.run.conditions import condition
from fakes.google.services.run.jobs import found
from fakes.google.services.run.templates import check_secrets

if TYPE_CHECKING:
    from fakes.google.world import GoogleWorld

AT = "projects.locations.jobs."
MESSAGE = "google.cloud.run.v2.Execution"


@answers("run.v2", AT + "run")
def run(call: Call) -> Json:
    job = found(call.world, call.path["name"])
    if call.body.get("etag", job["etag"]) != job["etag"]:
        raise GoogleError(409, f"Conflict for resource '{job['name']}'.", "ABORTED")
    execution = _new(call.world, job, call.body.get("overrides", {}))
    _keep(call.world, execution)
    metadata = {"@type": f"type.googleapis.com/{MESSAGE}", **execution}
    place = "/".join(job["name"].split("/")[:4])
    name = execution["name"]
    return call.world.operations.started(
        call,
        place,
        MESSAGE,
        lambda: _run(call.world, execution),
        metadata,
        lambda: call.world.resources.get("executions", name),
    )


def _new(world: GoogleWorld, job: Json, overrides: Json) -> Json:
    outer = copy.deepcopy(job["template"])
    template = outer.get("template", {})
    for given in overrides.get("containerOverrides", []):
        _override(template, given)
    if "timeout" in overrides:
        template["timeout"] = overrides["timeout"]
    short = job["name"].rsplit("/", 1)[-1]
    return {
        "name": f"{job['name']}/executions/{short}-{suffix(5)}",
        "uid": suffix(32),
        "creator": world.tokens.email,
        "generation": "1",
        "observedGeneration": "1",
        "createTime": now(),
        "startTime": now(),
        "updateTime": now(),
        "launchStage": job.get("launchStage", "GA"),
        "logUri": f"https://console.cloud.google.com/logs/viewer?project={world.project}",
        "job": short,
        "parallelism": outer.get("parallelism", 0),
        "taskCount": overrides.get("taskCount") or outer.get("taskCount") or 1,
        "template": {"maxRetries": 3, "timeout": "600s", **template},
        "reconciling": True,
        "runningCount": 1,
        "conditions": [condition("Completed", "CONDITION_RECONCILING")],
        "etag": etag(),
        **{key: outer[key] for key in ("labels", "annotations") if key in outer},
    }


def _override(template: Json, given: Json) -> None:
    """cloud.google.com/run/docs/execute/jobs#override-job-configuration"""
    containers = template.get("containers", [])
    name = given.get("name", "")
    for container in containers:
        if name in ("", container.get("name", "")) and (name or len(containers) == 1):
            break
    else:
        raise invalid(f"Container override '{name}' does not match any container.", "overrides")
    if given.get("args"):
        container["args"] = given["args"]
    elif given.get("clearArgs"):
        container.pop("args", None)
    fresh = {each["name"]: each for each in given.get("env", [])}
    kept = [each for each in container.get("env", []) if each["name"] not in fresh]
    container["env"] = [*kept, *fresh.values()]


def _keep(world: GoogleWorld, execution: Json) -> None:
    with world.resources.lock:
        world.resources.put("executions", execution["name"], execution)
        name = execution["name"].split("/executions/")[0]
        job = world.resources.get(JOB, name)
        if job is None:
            return
        latest = {
            "name": execution["name"].rsplit("/", 1)[-1],
            "createTime": execution["createTime"],
        }
        if "completionTime" in execution:
            latest["completionTime"] = execution["completionTime"]
            latest["completionStatus"] = (
                "EXECUTION_SUCCEEDED"
                if execution["conditions"][0]["state"] == "CONDITION_SUCCEEDED"
                else "EXECUTION_FAILED"
            )
        else:
            latest["completionStatus"] = "EXECUTION_RUNNING"
        job["latestCreatedExecution"] = latest
        job["executionCount"] = len(world.resources.names("executions", name + "/"))
        world.resources.put(JOB, name, job)


def _run(world: GoogleWorld, execution: Json) -> Json:
    outcome, message = _outcome(world, execution)
    world.exit_codes[execution["name"]] = outcome.exit_code
    state = "CONDITION_SUCCEEDED" if outcome.ok else "CONDITION_FAILED"
    reason = {}
    if not outcome.ok:
        reason = {"executionReason": "CANCELLED" if outcome.cancelled else "NON_ZERO_EXIT_CODE"}
    ended = {
        **execution,
        "reconciling": False,
        "completionTime": now(),
        "updateTime": now(),
        "conditions": [condition("Completed", state, message, **reason)],
        "runningCount": 0,
        "succeededCount": outcome.succeeded,
        "failedCount": outcome.failed,
        "cancelledCount": outcome.cancelled,
    }
    _keep(world, ended)
    if not outcome.ok:
        raise GoogleError(409, message, "CANCELLED" if outcome.cancelled else "ABORTED")
    return ended


def _hanging(world: GoogleWorld, execution: Json) -> Json:
    """The execution, or one whose containers only wait."""
    if execution["job"] not in world.hanging:
        return execution
    waiting = copy.deepcopy(execution)
    for container in waiting["template"]["containers"]:
        container.update(command=["sleep"], args=["infinity"])
    return waiting


def _outcome(world: GoogleWorld, execution: Json) -> tuple[Outcome, str]:
    short, job = execution["name"].rsplit("/", 1)[-1], execution["job"]
    if code := world.exits.get(job, 0):
        outcome = Outcome(failed=execution["taskCount"], exit_code=code)
    else:
        try:
            check_secrets(world, execution["template"])
            outcome = world.runtime.run_execution(_hanging(world, execution))
        except NotReady as why:
            return Outcome(failed=1), f"Task {short}-task0 failed with message: {why}"
    if outcome.cancelled:
        return outcome, "Execution was cancelled."
    if outcome.failed:
        return outcome, (
            f"Task {short}-task0 failed with message: The container exited with an error."
        )
    return outcome, ""


@answers("run.v2", AT + "executions.get")
def get(call: Call) -> Json:
    execution = call.world.resources.get("executions", call.world.normal(call.path["name"]))
    if execution is None:
        raise not_found(call.path["name"])
    return execution


@answers("run.v2", AT + "executions.list")
def listed(call: Call) -> Json:
    prefix = call.world.normal(call.path["parent"]) + "/executions/"
    every = call.world.resources.list("executions", prefix)
    newest_first = sorted(every, key=lambda each: each["createTime"], reverse=True)
    return page("executions", newest_first, call.query)


@answers("run.v2", AT + "executions.cancel")
def cancel(call: Call) -> Json:
    execution = get(call)
    place = "/".join(execution["name"].split("/")[:4])

    def work() -> Json:
        call.world.runtime.cancel_execution(execution["name"])
        return call.world.resources.get("executions", execution["name"]) or execution

    return call.world.operations.started(call, place, MESSAGE, work)


@answers("run.v2", AT + "executions.delete")
def delete(call: Call) -> Json:
    execution = get(call)
    call.world.resources.delete("executions", execution["name"])
    place = "/".join(execution["name"].split("/")[:4])
    return call.world.operations.started(call, place, MESSAGE, lambda: execution)
