"""Jobs, executions and worker pools through google-cloud-run."""

from __future__ import annotations

from typing import Any

import pytest
from fakes.google import GoogleWorld
from google.api_core import exceptions
from google.cloud import run_v2

from .conftest import done

PARENT = "projects/jazz-club/locations/europe-west1"
JOB = f"{PARENT}/jobs/migrate"
POOL = f"{PARENT}/workerPools/worker"


@pytest.fixture
def options(world: GoogleWorld, credentials: Any) -> dict[str, Any]:
    endpoint = world.endpoint("run.v2").rstrip("/")
    return {
        "credentials": credentials,
        "transport": "rest",
        "client_options": {"api_endpoint": endpoint},
    }


@pytest.fixture
def jobs(options: dict[str, Any]) -> run_v2.JobsClient:
    client = run_v2.JobsClient(**options)
    container = run_v2.Container(
        image="one",
        args=["migrate"],
        env=[run_v2.EnvVar(name="A", value="b"), run_v2.EnvVar(name="C", value="d")],
    )
    task = run_v2.TaskTemplate(containers=[container], max_retries=0)
    job = run_v2.Job(template=run_v2.ExecutionTemplate(template=task))
    made = done(client.create_job(parent=PARENT, job=job, job_id="migrate"))
    assert made.name == JOB
    return client


def test_run(world: GoogleWorld, jobs: run_v2.JobsClient) -> None:
    override = run_v2.RunJobRequest.Overrides.ContainerOverride(
        args=["check"], env=[run_v2.EnvVar(name="C", value="e"), run_v2.EnvVar(name="R", value="1")]
    )
    request = run_v2.RunJobRequest(name=JOB, overrides={"container_overrides": [override]})
    operation = jobs.run_job(request)
    assert operation.metadata.name.startswith(f"{JOB}/executions/migrate-")
    execution = done(operation)
    container = execution.template.containers[0]
    assert list(container.args) == ["check"]
    assert {each.name: each.value for each in container.env} == {"A": "b", "C": "e", "R": "1"}
    assert (execution.succeeded_count, execution.failed_count) == (1, 0)
    assert execution.template.max_retries == 0
    job = jobs.get_job(name=JOB)
    assert execution.name.endswith(job.latest_created_execution.name)
    assert job.execution_count == 1


def test_exits_with_an_error(
    world: GoogleWorld, jobs: run_v2.JobsClient, options: dict[str, Any]
) -> None:
    world.job_exits("migrate", 1)
    operation = jobs.run_job(name=JOB)
    with pytest.raises(exceptions.GoogleAPICallError, match="The container exited with an error"):
        done(operation)
    executions = run_v2.ExecutionsClient(**options)
    assert operation.metadata.failed_count == 1
    (failed,) = executions.list_executions(parent=JOB)
    assert failed.failed_count == 1
    assert failed.conditions[0].state == run_v2.Condition.State.CONDITION_FAILED
    world.job_exits("migrate", 0)
    assert done(jobs.run_job(name=JOB)).succeeded_count == 1
    assert len(list(executions.list_executions(parent=JOB))) == 2


def test_patched(jobs: run_v2.JobsClient) -> None:
    job = jobs.get_job(name=JOB)
    job.template.template.containers[0].image = "two"
    assert done(jobs.update_job(job=job)).generation == 2
    assert jobs.get_job(name=JOB).template.template.containers[0].image == "two"


def test_unknown_container(jobs: run_v2.JobsClient) -> None:
    override = {"name": "other", "args": ["check"]}
    request = run_v2.RunJobRequest(name=JOB, overrides={"container_overrides": [override]})
    with pytest.raises(exceptions.BadRequest, match="does not match any container"):
        jobs.run_job(request)


def test_deleted(jobs: run_v2.JobsClient) -> None:
    done(jobs.run_job(name=JOB))
    done(jobs.delete_job(name=JOB))
    with pytest.raises(exceptions.NotFound):
        jobs.run_job(name=JOB)


def test_worker_pool(world: GoogleWorld, options: dict[str, Any]) -> None:
    pools = run_v2.WorkerPoolsClient(**options)
    template = run_v2.WorkerPoolRevisionTemplate(containers=[run_v2.Container(image="one")])
    pool = run_v2.WorkerPool(template=template, scaling={"manual_instance_count": 2})
    made = done(pools.create_worker_pool(parent=PARENT, worker_pool=pool, worker_pool_id="worker"))
    assert made.instance_split_statuses[0].percent == 100
    made.template.containers[0].image = "two"
    world.revision_never_ready("worker")
    with pytest.raises(exceptions.GoogleAPICallError, match="not ready"):
        done(pools.update_worker_pool(worker_pool=made))
    kept = pools.get_worker_pool(name=POOL)
    assert kept.latest_ready_revision == made.latest_ready_revision
    world.revision_never_ready("worker", never=False)
    kept.template.containers[0].image = "three"
    again = done(pools.update_worker_pool(worker_pool=kept))
    assert again.latest_ready_revision == again.latest_created_revision
    done(pools.delete_worker_pool(name=POOL))
    assert list(pools.list_worker_pools(parent=PARENT)) == []
