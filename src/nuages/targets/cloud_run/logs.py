"""Log entries: what to ask for, and how they read.

Source: https://cloud.google.com/logging/docs/reference/v2/rest/v2/entries/list and
https://cloud.google.com/logging/docs/view/logging-query-language.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from nuages.steps.site import Record
from nuages.steps.step import Request, Tail
from nuages.targets.cloud_run.places import Places

PAGE = 1000
_LABELS = ("service_name", "worker_pool_name", "job_name")
_SILENT = ("", "DEFAULT")


def of_execution(places: Places, execution: str, output: str | None = None) -> Request:
    """What an execution of a job has printed, oldest first."""
    parts = execution.split("/")
    job, short = (parts[-3], parts[-1]) if len(parts) > 3 else ("‹job›", execution)
    wanted = (
        'resource.type="cloud_run_job"',
        f'resource.labels.job_name="{job}"',
        f'labels."run.googleapis.com/execution_name"="{short}"',
    )
    return entries(places, wanted, "Its log", output=output)


def printed(places: Places, execution: str) -> Request:
    """The same without what the platform itself says of it."""
    request = of_execution(places, execution)
    body = dict(request.body or {})
    streams = " OR ".join(f'logName:"{name}"' for name in ("stdout", "stderr"))
    return replace(request, body={**body, "filter": f"{body['filter']} AND ({streams})"})


def entries(
    places: Places,
    wanted: Sequence[str],
    label: str,
    *,
    newest: bool = False,
    limit: int = PAGE,
    output: str | None = None,
) -> Request:
    """Entries for which everything ``wanted`` holds."""
    return Request(
        label,
        "logging.v2",
        "entries.list",
        {},
        {
            "resourceNames": [places.root],
            "filter": " AND ".join(wanted),
            "orderBy": f"timestamp {'desc' if newest else 'asc'}",
            "pageSize": min(limit, PAGE),
        },
        output=output,
    )


def tail(places: Places, request: Request) -> Tail:
    """The same entries, again and again."""
    return Tail(request, _after, _following, lambda answer: records(places, answer))


def _after(request: Request, moment: str) -> Request:
    body = dict(request.body or {})
    return replace(request, body={**body, "filter": f'{body["filter"]} AND timestamp>="{moment}"'})


def _following(request: Request, answer: Mapping[str, Any]) -> Request | None:
    token = answer.get("nextPageToken")
    return replace(request, body={**(request.body or {}), "pageToken": token}) if token else None


def lines(answer: Mapping[str, Any]) -> list[str]:
    """What the entries say, one line for each line that was printed."""
    return [line for entry in answer.get("entries", ()) for line in text(entry).splitlines()]


def records(places: Places, answer: Mapping[str, Any]) -> list[Record]:
    """The entries of an answer, in its order."""
    return [_record(places, entry) for entry in answer.get("entries", ())]


def _record(places: Places, entry: Mapping[str, Any]) -> Record:
    severity = str(entry.get("severity", ""))
    return Record(
        str(entry.get("insertId", "")),
        _nanoseconds(str(entry.get("timestamp", ""))),
        _process(places, entry),
        "" if severity in _SILENT else severity,
        text(entry),
    )


def _nanoseconds(moment: str) -> str:
    """All of the same length, so that texts compare as moments do."""
    whole, _, fraction = moment.removesuffix("Z").partition(".")
    return f"{whole}.{fraction:0<9}Z" if moment else ""


def _process(places: Places, entry: Mapping[str, Any]) -> str:
    labels = entry.get("resource", {}).get("labels", {})
    name = next((str(labels[label]) for label in _LABELS if labels.get(label)), "")
    return "web" if name == places.site else name.removeprefix(f"{places.site}-")


def text(entry: Mapping[str, Any]) -> str:
    """The message of an entry, whatever its form."""
    payload = entry.get("jsonPayload") or {}
    said = entry.get("textPayload") or payload.get("message")
    trace = str(payload.get("stack_trace") or payload.get("exception") or "")
    if said and trace and trace not in str(said):
        return f"{said}\n{trace}"
    if not said and "httpRequest" in entry:
        return _request(entry["httpRequest"])
    return str(said or (json.dumps(payload, ensure_ascii=False) if payload else ""))


def _request(asked: Mapping[str, Any]) -> str:
    """``GET 200 0.031s /albums/``"""
    parts = (asked.get("requestMethod"), asked.get("status"), asked.get("latency"))
    url = str(asked.get("requestUrl", ""))
    path = url.partition("://")[2].partition("/")
    where = f"/{path[2]}" if path[1] or path[0] else url
    return " ".join(str(part) for part in (*parts, where) if part)
