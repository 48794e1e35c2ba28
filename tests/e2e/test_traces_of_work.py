"""What a worker of Celery and a command do is traced, and their errors are counted, too."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from test_traces import Collector
from traces_site import Site, with_worker

from nuages.targets.cloud_run.environment import of_process

pytestmark = pytest.mark.slow


@pytest.fixture
def collector(tmp_path: Path) -> Iterator[Collector]:
    found = Collector(tmp_path / "collected")
    yield found
    found.server.shutdown()


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return with_worker(tmp_path / "site")


def environment(site: Site, collector: Collector, name: str, *, ends: bool) -> dict[str, str]:
    return {
        **site.environment,
        **of_process(site.deployment, name, ends=ends),
        "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url,
        "LOG_FORMAT": "google",
        "ERROR_REPORTING": "on",
        "CLOUD_RUN_JOB" if ends else "CLOUD_RUN_WORKER_POOL": f"shop-{name}",
    }


def ordered(site: Site, collector: Collector, number: int) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        (str(site.python), "-m", "django", "order", str(number)),
        cwd=site.root,
        env=environment(site, collector, "order", ends=True),
        capture_output=True,
        text=True,
        check=False,
    )


def events(text: str) -> list[dict[str, Any]]:
    """The lines that Error Reporting counts."""
    found = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
    return [each for each in found if "@type" in each]


def test_a_task_belongs_to_the_trace_of_the_command_that_ordered_it(
    site: Site, collector: Collector
) -> None:
    log = site.root / "worker.log"
    with log.open("wb") as out:
        worker = subprocess.Popen(
            (str(site.python.with_name("celery")), *["-A", "shop", "worker", "--concurrency=2"]),
            cwd=site.root,
            env=environment(site, collector, "worker", ends=False),
            stdout=out,
            stderr=out,
        )
        try:
            assert ordered(site, collector, 7).returncode == 0
            assert ordered(site, collector, 13).returncode == 0
            for _ in range(120):
                if "unlucky" in log.read_text():
                    break
                time.sleep(0.5)
        finally:
            worker.terminate()
            worker.wait(60)
    spans = collector.spans(site.python)
    assert {resource["service.name"] for resource, _ in spans} == {
        "project-order",
        "project-worker",
    }
    roots = {s["traceId"]: s["name"] for _, s in spans if "parentSpanId" not in s}
    runs = [span for _, span in spans if span["name"] == "run/shop.tasks.pack"]
    assert [roots[span["traceId"]] for span in runs] == ["order", "order"]

    (event,) = events(log.read_text())
    assert event["serviceContext"]["service"] == "shop-worker"
    assert "ValueError: unlucky" in event["stack_trace"]
    assert event["logging.googleapis.com/trace"]


def test_an_exception_that_ends_a_command_is_one_event(site: Site, collector: Collector) -> None:
    done = ordered(site, collector, -1)
    assert done.returncode == 1
    (event,) = events(done.stdout)
    assert event["message"] == "KeyError: 'no such number'"
    assert event["serviceContext"]["service"] == "shop-order"
    ((_, span),) = collector.spans(site.python)
    assert (span["name"], span["status"]["code"]) == ("order", "STATUS_CODE_ERROR")
