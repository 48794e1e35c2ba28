"""What the cloud says of a site: its revisions, workers, jobs, database, and what is left over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from nuages.model import Deployment
from nuages.steps.site import (
    DatabaseState,
    Execution,
    ExecutionState,
    Revision,
    SiteState,
    Worker,
)
from nuages.steps.stage import Outputs, Stage
from nuages.steps.step import Request, Step
from nuages.steps.task import Task
from nuages.targets.cloud_run.day_two import leftovers
from nuages.targets.cloud_run.places import Places
from nuages.targets.cloud_run.release import traffic
from nuages.targets.cloud_run.values import values

_READY = "CONDITION_SUCCEEDED"
_RELEASE = "nuages-release"
_STATES: dict[str, ExecutionState] = {
    "EXECUTION_SUCCEEDED": "succeeded",
    "EXECUTION_FAILED": "failed",
    "EXECUTION_CANCELLED": "cancelled",
}


def looked(deployment: Deployment, places: Places, others: Sequence[str]) -> Task[SiteState]:
    """Ask for everything; ``others`` are the names of the site's other environments."""

    def look(_: Outputs) -> Sequence[Step]:
        found = [traffic.look(places, "service"), _revisions(places)]
        found += [_all(places, kind) for kind in ("workerPools", "jobs")]
        return [*found, _secrets(places), *_databases(deployment, places)]

    def answer(outputs: Outputs) -> SiteState:
        return _state(deployment, places, others, outputs)

    return Task((Stage("status", "Look at the site", look),), answer)


def _revisions(places: Places) -> Request:
    return Request(
        "Its revisions",
        "run.v2",
        "projects.locations.services.revisions.list",
        {"parent": places.service, "pageSize": 100},
        output="revisions",
        accept=(404,),
    )


def _all(places: Places, kind: str) -> Request:
    return Request(
        f"The {kind}",
        "run.v2",
        f"projects.locations.{kind}.list",
        {"parent": places.location, "pageSize": 100},
        output=kind,
    )


def _secrets(places: Places) -> Request:
    return Request(
        "The secrets",
        "secretmanager.v1",
        "projects.secrets.list",
        {"parent": places.root, "filter": f"name:{places.site}-", "pageSize": 1000},
        output="secrets",
    )


def _databases(deployment: Deployment, places: Places) -> list[Request]:
    if deployment.database is None or deployment.database.engine == "sqlite":
        return []
    given = {"project": places.project, "maxResults": 500}
    return [Request("The databases", "sqladmin.v1", "instances.list", given, output="databases")]


def _state(
    deployment: Deployment, places: Places, others: Sequence[str], outputs: Outputs
) -> SiteState:
    service = outputs.mapping("service")
    url = outputs.get("infrastructure", "url") if service else ""
    return SiteState(
        str(url or service.get("uri", "")),
        *_condition(service.get("terminalCondition", {})),
        revisions(outputs),
        _workers(deployment, places, outputs),
        _jobs(deployment, places, outputs),
        _database(outputs),
        leftovers.found(deployment, places, others, outputs),
    )


def _condition(condition: Mapping[str, Any]) -> tuple[bool, str]:
    ready = condition.get("state") == _READY
    return ready, "" if ready else str(condition.get("message", ""))


def revisions(outputs: Outputs) -> tuple[Revision, ...]:
    """The newest first."""
    statuses = traffic.statuses(outputs.mapping("service"))
    found = outputs.mapping("revisions").get("revisions", ())
    ordered = sorted(found, key=lambda each: str(each.get("createTime")), reverse=True)
    return tuple(_revision(each, statuses) for each in ordered)


def _revision(found: Mapping[str, Any], statuses: Sequence[Mapping[str, Any]]) -> Revision:
    name = str(found["name"]).rpartition("/")[2]
    own = [each for each in statuses if each.get("revision") == name]
    ready: Mapping[str, Any] = next(
        (c for c in found.get("conditions", ()) if c.get("type") == "Ready"), {}
    )
    return Revision(
        name,
        str(found.get("labels", {}).get(_RELEASE, "")),
        sum(int(each.get("percent", 0)) for each in own),
        tuple(str(each["tag"]) for each in own if each.get("tag")),
        *_condition(ready),
        str(found.get("createTime", "")),
    )


def short(found: Mapping[str, Any]) -> str:
    """The last part of a full name."""
    return str(found.get("name", "")).rpartition("/")[2]


def _workers(deployment: Deployment, places: Places, outputs: Outputs) -> tuple[Worker, ...]:
    pools = {short(each): each for each in outputs.mapping("workerPools").get("workerPools", ())}
    names = {f"{places.site}-{name}": name for name in values(deployment)["workers"]}
    return tuple(_worker(name, pools[full]) for full, name in names.items() if full in pools)


def _worker(name: str, pool: Mapping[str, Any]) -> Worker:
    count = pool.get("scaling", {}).get("manualInstanceCount")
    release = pool.get("template", {}).get("labels", {}).get(_RELEASE, "")
    ready, message = _condition(pool.get("terminalCondition", {}))
    return Worker(name, str(release), ready, message, None if count is None else int(count))


def _jobs(deployment: Deployment, places: Places, outputs: Outputs) -> tuple[Execution, ...]:
    names = {f"{places.site}-{name}": name for name in values(deployment)["jobs"]}
    found = outputs.mapping("jobs").get("jobs", ())
    return tuple(
        _execution(names[short(job)], job["latestCreatedExecution"], str(job["name"]))
        for job in found
        if short(job) in names and job.get("latestCreatedExecution")
    )


def _execution(job: str, last: Mapping[str, Any], place: str) -> Execution:
    return Execution(
        f"{place}/executions/{short(last)}",
        job,
        _STATES.get(str(last.get("completionStatus", "")), "running"),
        str(last.get("createTime", "")),
        str(last.get("completionTime", "")),
    )


def _database(outputs: Outputs) -> DatabaseState | None:
    name = outputs.get("infrastructure", "database", "instance")
    items = outputs.mapping("databases").get("items", ())
    found = next((each for each in items if each.get("name") == name), None)
    if found is None:
        return None
    return DatabaseState(
        str(name),
        str(found.get("state", "")).lower(),
        str(found.get("databaseVersion", "")),
        str(found.get("settings", {}).get("tier", "")),
        str(found.get("createTime", "")),
    )
