"""Logs, metrics, schedules and builds through googleapiclient."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fakes.google import GoogleWorld
from fakes.google.errors import GoogleError, precondition
from fakes.google.filters import compiled
from fakes.google.protocol import RequestCount
from fakes.google.still import StillRuntime
from googleapiclient.errors import HttpError
from googleapiclient.http import MediaIoBaseUpload

Client = Callable[[str], Any]
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def entry(minute: int, text: str, severity: str = "INFO", job: str = "migrate") -> dict[str, Any]:
    return {
        "timestamp": f"2026-03-01T12:{minute:02}:00Z",
        "severity": severity,
        "textPayload": text,
        "resource": {"type": "cloud_run_job", "labels": {"job_name": job}},
        "labels": {"run.googleapis.com/execution_name": f"{job}-abcde"},
    }


@pytest.fixture
def runtime(world: GoogleWorld) -> StillRuntime:
    assert isinstance(world.runtime, StillRuntime)
    world.runtime.entries = [
        entry(1, "Operations to perform"),
        entry(2, "No such table", "ERROR"),
        entry(3, "started", job="other"),
    ]
    return world.runtime


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("", [1, 2, 3]),
        ('resource.type="cloud_run_job" AND resource.labels.job_name="migrate"', [1, 2]),
        ('resource.labels.job_name = "migrate"\nseverity >= WARNING', [2]),
        ('labels."run.googleapis.com/execution_name"="other-abcde"', [3]),
        ('timestamp >= "2026-03-01T12:02:00Z"', [2, 3]),
        ('timestamp > "2026-03-01T13:02:00+01:00"', [3]),
        ('textPayload:"TABLE" OR textPayload="started"', [2, 3]),
        ('textPayload=~"^(No|st)" AND NOT severity=ERROR', [3]),
        ("(severity=ERROR OR severity=INFO) resource.labels.job_name!=other", [1, 2]),
        ('"perform"', [1]),
    ],
)
def test_log_filters(runtime: StillRuntime, text: str, minutes: list[int]) -> None:
    test = compiled(text)
    found = [each for each in runtime.entries if test(each)]
    assert [int(each["timestamp"][14:16]) for each in found] == minutes


@pytest.mark.parametrize("text", ["severity >=", "(a=b", "a b c", 'severity="LOUD"', "timestamp>1"])
def test_log_filter_unreadable(runtime: StillRuntime, text: str) -> None:
    with pytest.raises(GoogleError) as refused:
        [compiled(text)(each) for each in runtime.entries]
    assert refused.value.code == 400


def test_logs(runtime: StillRuntime, client: Client) -> None:
    entries = client("logging.v2").entries()
    body = {
        "resourceNames": ["projects/jazz-club"],
        "filter": 'resource.labels.job_name="migrate"',
        "orderBy": "timestamp desc",
        "pageSize": 1,
    }
    first = entries.list(body=body).execute()
    assert first["entries"][0]["textPayload"] == "No such table"
    second = entries.list(body={**body, "pageToken": first["nextPageToken"]}).execute()
    assert second["entries"][0]["textPayload"] == "Operations to perform"
    assert "nextPageToken" not in second
    with pytest.raises(HttpError, match="resource names is required"):
        entries.list(body={"filter": ""}).execute()


@pytest.fixture
def series(runtime: StillRuntime, client: Client) -> Callable[..., Any]:
    def count(revision: str, kind: str, seconds: int, number: int) -> RequestCount:
        return RequestCount("web", revision, kind, NOW - timedelta(seconds=seconds), number)

    runtime.counts = [
        count("web-1", "2xx", 30, 40),
        count("web-2", "2xx", 30, 9),
        count("web-2", "5xx", 20, 1),
        count("web-2", "2xx", 90, 5),
        count("web-2", "2xx", 9000, 7),
    ]
    resource = client("monitoring.v3").projects().timeSeries()

    def listed(extra: str = "", **query: Any) -> Any:
        interval = {
            "interval_startTime": (NOW - timedelta(minutes=5)).isoformat(),
            "interval_endTime": NOW.isoformat(),
        }
        text = f'metric.type="run.googleapis.com/request_count"{extra}'
        asked = {**interval, "filter": text, **query}
        return resource.list(name="projects/jazz-club", **asked).execute().get("timeSeries", [])

    return listed


def test_counts(series: Callable[..., Any]) -> None:
    found = series(' AND resource.labels.revision_name="web-2"')
    by_class = {each["metric"]["labels"]["response_code_class"]: each for each in found}
    assert sorted(by_class) == ["2xx", "5xx"]
    points = by_class["2xx"]["points"]
    assert [point["value"] for point in points] == [{"int64Value": "9"}, {"int64Value": "5"}]
    assert points[0]["interval"]["endTime"] == "2026-03-01T12:00:00Z"


def test_counts_summed(series: Callable[..., Any]) -> None:
    found = series(
        aggregation_alignmentPeriod="300s",
        aggregation_perSeriesAligner="ALIGN_DELTA",
        aggregation_crossSeriesReducer="REDUCE_SUM",
        aggregation_groupByFields=["metric.labels.response_code_class"],
    )
    sums = {
        each["metric"]["labels"]["response_code_class"]: each["points"][0]["value"]["int64Value"]
        for each in found
    }
    assert sums == {"2xx": "54", "5xx": "1"}
    assert found[0]["resource"]["labels"] == {}


def test_counts_refused(series: Callable[..., Any]) -> None:
    with pytest.raises(HttpError, match="alignment period is required"):
        series(aggregation_perSeriesAligner="ALIGN_DELTA")
    with pytest.raises(HttpError, match="must specify a metric type"):
        series(filter='resource.type="cloud_run_revision"')
    with pytest.raises(HttpError, match="Invalid value"):
        series(interval_endTime="now")


def test_schedule(world: GoogleWorld, client: Client) -> None:
    parent = "projects/jazz-club/locations/europe-west1"
    task = {"template": {"containers": [{"image": "one"}]}}
    run = client("run.v2").projects().locations().jobs()
    run.create(parent=parent, jobId="clear", body={"template": task}).execute()
    schedules = client("cloudscheduler.v1").projects().locations().jobs()
    clock = "clock@jazz-club.iam.gserviceaccount.com"
    body = {
        "name": f"{parent}/jobs/clear",
        "schedule": "0 3 * * *",
        "httpTarget": {
            "uri": f"https://run.googleapis.com/v2/{parent}/jobs/clear:run",
            "httpMethod": "POST",
            "oauthToken": {"serviceAccountEmail": clock},
        },
    }
    schedules.create(parent=parent, body=body).execute()
    assert ran(schedules, body["name"])["status"]["message"] == "PERMISSION_DENIED"
    binding = {"role": "roles/run.invoker", "members": [f"serviceAccount:{clock}"]}
    policy = {"policy": {"bindings": [binding]}}
    run.setIamPolicy(resource=f"{parent}/jobs/clear", body=policy).execute()
    assert ran(schedules, body["name"])["status"] == {}
    executions = run.executions().list(parent=f"{parent}/jobs/clear").execute()
    assert len(executions["executions"]) == 1


def ran(schedules: Any, name: str) -> Any:
    before = schedules.get(name=name).execute().get("lastAttemptTime")
    schedules.run(name=name, body={}).execute()
    for _ in range(100):
        job = schedules.get(name=name).execute()
        if job.get("lastAttemptTime") != before:
            return job
        time.sleep(0.02)
    raise AssertionError(job)


def test_build(world: GoogleWorld, client: Client) -> None:
    storage, build = client("storage.v1"), client("cloudbuild.v1")
    storage.buckets().insert(project="jazz-club", body={"name": "sources"}).execute()
    media = MediaIoBaseUpload(io.BytesIO(b"archive"), "application/gzip")
    storage.objects().insert(bucket="sources", name="a.tgz", media_body=media).execute()
    given: list[Any] = []

    def built(asked: dict[str, Any], source: bytes | None) -> dict[str, Any]:
        given.append(source)
        if len(given) > 1:
            raise precondition("step 0 exited with 1")
        return {"images": [{"name": asked["images"][0], "digest": "sha256:1"}]}

    world.builder = built
    body = {
        "source": {"storageSource": {"bucket": "sources", "object": "a.tgz"}},
        "steps": [{"name": "gcr.io/cloud-builders/docker", "args": ["build", "."]}],
        "images": ["host/web:1"],
    }
    assert finished(build, body)["results"]["images"][0]["digest"] == "sha256:1"
    assert given == [b"archive"]
    failed = finished(build, body)
    assert (failed["status"], failed["statusDetail"]) == ("FAILURE", "step 0 exited with 1")
    with pytest.raises(HttpError, match="at least one build step"):
        build.projects().builds().create(projectId="jazz-club", body={}).execute()


def finished(client: Any, body: Any) -> Any:
    builds = client.projects().builds()
    started = builds.create(projectId="jazz-club", body=body).execute()
    number = started["metadata"]["build"]["id"]
    for _ in range(100):
        build = builds.get(projectId="jazz-club", id=number).execute()
        if build["status"] in ("SUCCESS", "FAILURE"):
            return build
        time.sleep(0.02)
    raise AssertionError(build)
