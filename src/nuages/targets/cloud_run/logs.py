"""Log entries: what to ask for, and how they read.

Source: https://cloud.google.com/logging/docs/reference/v2/rest/v2/entries/list and
https://cloud.google.com/logging/docs/view/logging-query-language.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from nuages.steps.step import Request
from nuages.targets.cloud_run.places import Places

PAGE = 1000


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


def lines(answer: Mapping[str, Any]) -> list[str]:
    """What the entries say, one line for each line that was printed."""
    return [line for entry in answer.get("entries", ()) for line in text(entry).splitlines()]


def text(entry: Mapping[str, Any]) -> str:
    """The message of an entry, whatever its form."""
    payload = entry.get("jsonPayload") or {}
    return str(entry.get("textPayload") or payload.get("message") or payload or "")
