"""What Run refuses in a template: sizes, probes, variables."""

from __future__ import annotations

import pytest
from google.api_core import exceptions
from google.cloud import run_v2

from .conftest import PARENT, site


@pytest.mark.parametrize(
    ("env", "message"),
    [
        ([("PORT", "1")], "reserved env names were provided: PORT"),
        ([("A", "1"), ("A", "2")], "Duplicate env names: A"),
    ],
)
def test_environment_refused(
    services: run_v2.ServicesClient, env: list[tuple[str, str]], message: str
) -> None:
    service = site()
    service.template.containers[0].env = [run_v2.EnvVar(name=n, value=v) for n, v in env]
    with pytest.raises(exceptions.BadRequest, match=message):
        services.create_service(parent=PARENT, service=service, service_id="web")


@pytest.mark.parametrize(
    ("limits", "message"),
    [
        ({"cpu": "3", "memory": "1Gi"}, "Invalid value specified for cpu"),
        ({"cpu": "500m", "memory": "512Mi"}, "not supported with concurrency > 1"),
        ({"cpu": "1", "memory": "8Gi"}, "between 128Mi and 4Gi"),
        ({"cpu": "4", "memory": "1Gi"}, "between 2Gi and 16Gi"),
        ({"cpu": "1", "memory": "256Mi"}, "cpu always allocated"),
        ({"cpu": "1", "memory": "1 GB"}, "Invalid memory"),
    ],
)
def test_sizes_refused(
    services: run_v2.ServicesClient, limits: dict[str, str], message: str
) -> None:
    service = site()
    service.template.containers[0].resources = {"limits": limits, "cpu_idle": False}
    with pytest.raises(exceptions.BadRequest, match=message):
        services.create_service(parent=PARENT, service=service, service_id="web")


def test_probe_refused(services: run_v2.ServicesClient) -> None:
    service = site()
    probe = {"period_seconds": 30, "failure_threshold": 10}
    service.template.containers[0].startup_probe = probe
    with pytest.raises(exceptions.BadRequest, match="must not be more than 240"):
        services.create_service(parent=PARENT, service=service, service_id="web")
