"""What the processes of a site have printed, all of them or some.

Source of the labels: https://cloud.google.com/run/docs/logging and
https://cloud.google.com/monitoring/api/resources (cloud_run_revision, cloud_run_worker_pool,
cloud_run_job).
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from nuages.model import Deployment
from nuages.steps.site import LogQuery, Record
from nuages.steps.stage import Outputs, Stage
from nuages.steps.step import Tail
from nuages.steps.task import Task
from nuages.targets.cloud_run import logs
from nuages.targets.cloud_run.places import Places
from nuages.targets.cloud_run.values import values

_KINDS = {
    "web": ("cloud_run_revision", "service_name"),
    "workers": ("cloud_run_worker_pool", "worker_pool_name"),
    "jobs": ("cloud_run_job", "job_name"),
}


def processes(deployment: Deployment) -> dict[str, str]:
    """Every process of a deployment → which kind of thing it is."""
    found = values(deployment)
    named = {name: kind for kind in ("workers", "jobs") for name in found[kind]}
    return {"web": "web", **named}


def read(
    deployment: Deployment, places: Places, query: LogQuery, limit: int
) -> Task[tuple[Record, ...]]:
    """The newest entries, in the order of time."""
    wanted = _wanted(deployment, places, query)
    ask = logs.entries(places, wanted, "The log", newest=True, limit=limit, output="entries")

    def answer(outputs: Outputs) -> tuple[Record, ...]:
        found = logs.records(places, outputs.mapping("entries"))
        return tuple(sorted(found, key=lambda record: record.at))

    return Task((Stage("logs", "Read the log", lambda _: [ask]),), answer)


def followed(deployment: Deployment, places: Places, query: LogQuery) -> Tail:
    """The same from ``query.since`` on, and what will be written."""
    wanted = _wanted(deployment, places, query)
    return logs.tail(places, logs.entries(places, wanted, "The log"))


def _wanted(deployment: Deployment, places: Places, query: LogQuery) -> Sequence[str]:
    known = processes(deployment)
    chosen = [_source(places, name, known[name]) for name in query.processes or known]
    found = [f"({' OR '.join(chosen)})"]
    found += [f'timestamp>="{query.since}"'] if query.since else []
    found += [f"severity>={query.severity}"] if query.severity else []
    return [*found, json.dumps(query.text, ensure_ascii=False)] if query.text else found


def _source(places: Places, process: str, kind: str) -> str:
    resource, label = _KINDS[kind]
    name = places.site if kind == "web" else f"{places.site}-{process}"
    return f'(resource.type="{resource}" AND resource.labels.{label}="{name}")'
