"""Executions and worker pools, as containers."""

from __future__ import annotations

import threading

import pytest

from fakes.google.protocol import NotReady, Outcome
from fakes.google.runtime import ContainerRuntime, tiny
from fakes.google.runtime.tiny import PARENT, eventually, execution

pytestmark = [pytest.mark.slow, pytest.mark.docker, pytest.mark.xdist_group("google-runtime")]
POOL = f"{PARENT}/workerPools/beat"
# Process 1 of a container has no signal handlers but its own.
OBEDIENT = "import os, signal, time; signal.signal(signal.SIGTERM, lambda *_: os._exit(0)); "
WAITING = OBEDIENT + "print('up'); time.sleep(60)"


def pool(image: str, code: str, instances: int = 1) -> tiny.Json:
    container = {"image": image, "command": ["python", "-uc"], "args": [code]}
    return {
        "name": POOL,
        "scaling": {"manualInstanceCount": instances},
        "template": {"containers": [container]},
    }


def lines(runtime: ContainerRuntime, label: str, value: str) -> list[str]:
    return [
        entry["textPayload"]
        for entry in runtime.log_entries()
        if value in (entry["labels"].get(label), entry["resource"]["labels"].get(label))
    ]


def written(runtime: ContainerRuntime, short: str) -> list[str]:
    return lines(runtime, "run.googleapis.com/execution_name", short)


def test_the_exit_code_decides(runtime: ContainerRuntime, image: str) -> None:
    code = "import os; print(os.environ['CLOUD_RUN_JOB'], os.environ['CLOUD_RUN_EXECUTION'])"
    assert runtime.run_execution(execution(image, code, "migrate-good")) == Outcome(1, 0, 0, 0)
    failing = f"{code}; raise SystemExit(3)"
    assert runtime.run_execution(execution(image, failing, "migrate-bad")) == Outcome(0, 1, 0, 3)
    good = ["migrate migrate-good", "Container called exit(0)."]
    assert written(runtime, "migrate-good") == good
    assert written(runtime, "migrate-bad") == ["migrate migrate-bad", "Container called exit(3)."]
    assert runtime.docker.owned("job") == []


def test_entries_say_which_job_wrote_them(runtime: ContainerRuntime, image: str) -> None:
    runtime.run_execution(execution(image, "print('here')", "migrate-entry"))
    entry = next(e for e in runtime.log_entries() if e.get("textPayload") == "here")
    assert entry["resource"] == {
        "type": "cloud_run_job",
        "labels": {"project_id": "jazz-club", "job_name": "migrate", "location": "europe-west1"},
    }
    assert entry["labels"]["run.googleapis.com/execution_name"] == "migrate-entry"
    assert entry["logName"] == "projects/jazz-club/logs/run.googleapis.com%2Fstdout"


def test_a_task_is_tried_again_as_often_as_it_may(runtime: ContainerRuntime, image: str) -> None:
    code = "import os; raise SystemExit(int(os.environ['CLOUD_RUN_TASK_ATTEMPT']) < 2)"
    short = "migrate-again"
    assert not runtime.run_execution(execution(image, code, short, maxRetries=1)).ok
    assert runtime.run_execution(execution(image, code, short, maxRetries=2)).ok


def test_every_task_runs(runtime: ContainerRuntime, image: str) -> None:
    code = "import os; print('task', os.environ['CLOUD_RUN_TASK_INDEX'])"
    asked = {**execution(image, code, "migrate-many"), "taskCount": 3, "parallelism": 2}
    assert runtime.run_execution(asked) == Outcome(3, 0, 0, 0)
    tasks = [line for line in written(runtime, "migrate-many") if line.startswith("task")]
    assert sorted(tasks) == ["task 0", "task 1", "task 2"]


def test_a_task_that_takes_too_long_is_stopped(runtime: ContainerRuntime, image: str) -> None:
    outcome = runtime.run_execution(execution(image, WAITING, "migrate-long", timeout="2s"))
    assert (outcome.failed, outcome.ok) == (1, False)
    expected = "Terminating task because it has reached the maximum timeout of 2 seconds."
    assert expected in written(runtime, "migrate-long")
    assert runtime.docker.owned("job") == []


def test_an_execution_can_be_cancelled(runtime: ContainerRuntime, image: str) -> None:
    asked = execution(image, WAITING, "migrate-stop")
    ended: list[Outcome] = []
    runner = threading.Thread(target=lambda: ended.append(runtime.run_execution(asked)))
    runner.start()
    eventually(lambda: written(runtime, "migrate-stop") == ["up"])
    runtime.cancel_execution(asked["name"])
    runner.join()
    assert (ended[0].cancelled, ended[0].failed) == (1, 0)


def test_a_task_has_no_more_memory_than_its_limit(runtime: ContainerRuntime, image: str) -> None:
    asked = execution(image, "b'x' * 2**28", "migrate-memory")
    asked["template"]["containers"][0]["resources"] = {"limits": {"memory": "64Mi"}}
    assert not runtime.run_execution(asked).ok
    assert any("Memory limit" in line for line in written(runtime, "migrate-memory"))


def test_a_job_without_its_image_fails(runtime: ContainerRuntime, image: str) -> None:
    missing = image.partition("@")[0] + ":none"
    assert not runtime.run_execution(execution(missing, "", "migrate-image")).ok
    assert written(runtime, "migrate-image") == [f"Image '{missing}' not found."]


def test_a_worker_runs_until_the_next_one_has_started(
    runtime: ContainerRuntime, image: str
) -> None:
    wait = OBEDIENT + "print(os.environ['CLOUD_RUN_REVISION']); time.sleep(60)"
    runtime.start_worker_pool(pool(image, wait, instances=2), f"{POOL}/revisions/beat-00001-a")
    assert len(runtime.docker.owned("worker")) == 2
    runtime.start_worker_pool(pool(image, wait), f"{POOL}/revisions/beat-00002-b")
    assert len(runtime.docker.owned("worker")) == 1
    assert lines(runtime, "revision_name", "beat-00002-b") == ["beat-00002-b"]
    runtime.start_worker_pool(pool(image, wait, instances=0), f"{POOL}/revisions/beat-00003-c")
    assert runtime.docker.owned("worker") == []


def test_a_worker_that_cannot_start_leaves_the_old_one(
    runtime: ContainerRuntime, image: str
) -> None:
    runtime.start_worker_pool(pool(image, WAITING), f"{POOL}/revisions/beat-00004-d")
    with pytest.raises(NotReady, match="failed to start"):
        runtime.start_worker_pool(pool(image, "exit(1)"), f"{POOL}/revisions/beat-00005-e")
    assert len(runtime.docker.owned("worker")) == 1
    runtime.stop_worker_pool(POOL)
    assert runtime.docker.owned("worker") == []


def test_a_worker_that_ends_is_started_again(runtime: ContainerRuntime, image: str) -> None:
    runtime.start_worker_pool(
        pool(image, "import time; print('up'); time.sleep(0.6)"), f"{POOL}/revisions/beat-00006-f"
    )
    eventually(lambda: lines(runtime, "revision_name", "beat-00006-f").count("up") >= 2)
    runtime.stop_worker_pool(POOL)
