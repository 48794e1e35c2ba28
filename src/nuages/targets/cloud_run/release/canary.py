"""Traffic step by step, with a look at the errors of the new revision between two steps.

Source: https://cloud.google.com/monitoring/api/metrics_gcp_p_z (run.googleapis.com/request_count,
labels response_code_class and revision_name) and
https://cloud.google.com/monitoring/api/ref_v3/rest/v3/projects.timeSeries/list.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nuages.errors import StepFailed
from nuages.steps.release import Release
from nuages.steps.stage import Outputs, Stage
from nuages.steps.step import Request, Since, Step, Wait
from nuages.targets.cloud_run.places import Places
from nuages.targets.cloud_run.release import traffic

LIMIT = 0.02
"""The share of server errors above which the new revision is sent nobody any more."""
LEAST = 5
"""Errors that count as more than chance."""


def stages(places: Places, release: Release) -> tuple[Stage, ...]:
    """For each share short of everybody: shift, wait, look, judge."""
    shares = (percent for percent in release.canary if 0 < percent < 100)
    return tuple(s for percent in shares for s in _share(places, release, percent))


def _share(places: Places, release: Release, percent: int) -> tuple[Stage, ...]:
    def shift(outputs: Outputs) -> Sequence[Step]:
        if not outputs.dry and not outputs.get("before"):
            return []  # nobody is served yet
        name = traffic.made(outputs)
        targets = traffic.share(traffic.before(outputs), name, percent)
        label = f"Send {percent} % to {name}"
        return [traffic.patch(places, targets, label), Wait("Watch it", release.bake)]

    return (
        Stage(f"canary:{percent}", f"Send {percent} % to the new revision", shift),
        Stage(f"watch:{percent}", "Look at its errors", lambda o: [_counts(places, release, o)]),
        Stage(f"verdict:{percent}", "Judge", _judge),
    )


def _counts(places: Places, release: Release, outputs: Outputs) -> Request:
    wanted = (
        'metric.type="run.googleapis.com/request_count"',
        'resource.type="cloud_run_revision"',
        f'resource.labels.revision_name="{traffic.made(outputs)}"',
    )
    return Request(
        "Its answers so far",
        "monitoring.v3",
        "projects.timeSeries.list",
        {
            "name": places.root,
            "filter": " AND ".join(wanted),
            "interval.startTime": Since(release.bake + 240),
            "interval.endTime": Since(0),
        },
        output="counts",
    )


def _judge(outputs: Outputs) -> Sequence[Step]:
    name = traffic.made(outputs)
    by_class = counts(outputs.mapping("counts"))
    errors, every = by_class.get("5xx", 0), sum(by_class.values())
    if errors >= LEAST and errors > LIMIT * every:
        raise StepFailed(
            f"{name} answered {errors} of {every} requests with an error of the server's",
            hint="Everybody is sent back to where they were. `nuages logs` shows what it said.",
            reason="canary-failed",
        )
    return []


def counts(answer: dict[str, Any]) -> dict[str, int]:
    """Requests by the class of their answer (``5xx``)."""
    found: dict[str, int] = {}
    for series in answer.get("timeSeries", ()):
        kind = series.get("metric", {}).get("labels", {}).get("response_code_class", "?")
        points = series.get("points", ())
        total = sum(int(point["value"].get("int64Value", 0)) for point in points)
        found[kind] = found.get(kind, 0) + total
    return found
