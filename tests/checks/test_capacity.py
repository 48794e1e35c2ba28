"""The budget of connections, as a plan and a rule tell it."""

from __future__ import annotations

from dataclasses import replace

from golden_cases import deployed

from nuages.checks.capacity import connections


def test_every_process_of_every_instance_counts() -> None:
    deployment = deployed("split_postgres", "cloud_run")
    budget = connections(deployment)
    assert budget is not None
    web = deployment.web
    assert web.server is not None
    assert budget.needed == (
        web.scaling.max_instances * web.server.workers * web.server.threads + budget.workers
    )
    assert budget.fits
    assert f"= {budget.needed} connections; the database admits 100" in str(budget)


def test_more_than_the_database_admits_does_not_fit() -> None:
    deployment = deployed("split_postgres", "cloud_run")
    assert deployment.database is not None
    small = replace(deployment, database=replace(deployment.database, max_connections=25))
    budget = connections(small)
    assert budget is not None
    assert not budget.fits


def test_a_pool_stands_for_the_threads() -> None:
    budget = connections(deployed("split_postgres", "cloud_run"), pool=2)
    assert budget is not None
    assert "× 2 pooled" in str(budget)


def test_there_is_nothing_to_fill_without_a_server() -> None:
    deployment = deployed("split_postgres", "cloud_run")
    assert deployment.database is not None
    assert connections(replace(deployment, database=None)) is None
    pooled = replace(deployment.database, pooler=True)
    assert connections(replace(deployment, database=pooled)) is None
