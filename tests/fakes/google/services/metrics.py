"""monitoring.v3: the requests that the front counted.

cloud.google.com/monitoring/api/metrics_gcp_p_z#gcp-run
"""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from fakes.google.calls import Call, Json, answers
from fakes.google.errors import invalid
from fakes.google.filters import compiled, value_at
from fakes.google.pages import page

if TYPE_CHECKING:
    from fakes.google.protocol import RequestCount
    from fakes.google.world import GoogleWorld

METRIC = "run.googleapis.com/request_count"
ALIGNERS = ("ALIGN_NONE", "ALIGN_DELTA", "ALIGN_SUM", "ALIGN_RATE", "ALIGN_COUNT")
REDUCERS = ("REDUCE_NONE", "REDUCE_SUM")


@answers("monitoring.v3", "projects.timeSeries.list")
def listed(call: Call) -> Json:
    world, query = call.world, call.query
    for name in ("filter", "interval.endTime"):
        if not query.get(name):
            raise invalid(f"Field {name} had an invalid value of '': it is required.", name)
    if "metric.type" not in query["filter"]:
        raise invalid("The filter must specify a metric type (metric.type).", "filter")
    test = compiled(query["filter"])
    end = _moment(query["interval.endTime"])
    start = _moment(query.get("interval.startTime") or query["interval.endTime"])
    if start > end:
        raise invalid("The start time must not be later than the end time.", "interval.startTime")
    seen = end.timestamp() if not world.metrics_delay else _visible_until(world)
    counts = [
        (labels, count)
        for count in world.runtime.request_counts()
        if start <= count.at <= end and count.at.timestamp() <= seen
        for labels in [_series(world, count)]
        if test(labels)
    ]
    return page("timeSeries", _aggregated(counts, query, end), query, limit=100_000)


def _visible_until(world: GoogleWorld) -> float:
    return datetime.now(UTC).timestamp() - world.metrics_delay


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _series(world: GoogleWorld, count: RequestCount) -> Json:
    return {
        "metric": {
            "type": METRIC,
            "labels": {
                "response_code_class": count.response_code_class,
                "response_code": count.response_code_class.replace("xx", "00"),
            },
        },
        "resource": {
            "type": "cloud_run_revision",
            "labels": {
                "project_id": world.project,
                "service_name": count.service,
                "revision_name": count.revision,
                "configuration_name": count.service,
            },
        },
    }


def _aggregated(counts: list[tuple[Json, RequestCount]], query: Json, end: datetime) -> list[Json]:
    aligner = query.get("aggregation.perSeriesAligner", "ALIGN_NONE")
    reducer = query.get("aggregation.crossSeriesReducer", "REDUCE_NONE")
    if aligner not in ALIGNERS or reducer not in REDUCERS:
        raise invalid(f"The fake does not aggregate by {aligner}, {reducer}.", "aggregation")
    if aligner != "ALIGN_NONE" and "aggregation.alignmentPeriod" not in query:
        raise invalid("An alignment period is required.", "aggregation.alignmentPeriod")
    period = int(float(query.get("aggregation.alignmentPeriod", "60s").removesuffix("s")))
    if period < 60:
        raise invalid("The alignment period must be at least 60 seconds.", "aggregation")
    groups: dict[str, tuple[Json, dict[int, int]]] = {}
    for labels, count in counts:
        shown = _reduced(labels, query) if reducer == "REDUCE_SUM" else labels
        _, buckets = groups.setdefault(repr(shown), (shown, defaultdict(int)))
        buckets[int((end - count.at).total_seconds() // period)] += count.count
    rate = period if aligner == "ALIGN_RATE" else 0
    return [_shown(labels, buckets, end, period, rate) for labels, buckets in groups.values()]


def _reduced(labels: Json, query: Json) -> Json:
    """Of the labels, those that are grouped by."""
    kept: Json = {
        "metric": {"type": labels["metric"]["type"], "labels": {}},
        "resource": {"type": labels["resource"]["type"], "labels": {}},
    }
    for field in query.get("aggregation.groupByFields", []):
        holder, _, name = field.replace(".label.", ".labels.").partition(".labels.")
        if holder not in kept or value_at(labels, f"{holder}.labels.{name}") is None:
            raise invalid(f"Unknown field to group by: {field}", "aggregation.groupByFields")
        kept[holder]["labels"][name] = labels[holder]["labels"][name]
    return kept


def _shown(labels: Json, buckets: dict[int, int], end: datetime, period: int, rate: int) -> Json:
    points = []
    for back in sorted(buckets):
        last = end - timedelta(seconds=back * period)
        interval = {
            "startTime": (last - timedelta(seconds=period)).isoformat().replace("+00:00", "Z"),
            "endTime": last.isoformat().replace("+00:00", "Z"),
        }
        number = buckets[back]
        value = {"doubleValue": number / rate} if rate else {"int64Value": str(number)}
        points.append({"interval": interval, "value": value})
    kind = (
        {"metricKind": "GAUGE", "valueType": "DOUBLE"}
        if rate
        else {
            "metricKind": "DELTA",
            "valueType": "INT64",
        }
    )
    return {**labels, **kind, "points": points}
