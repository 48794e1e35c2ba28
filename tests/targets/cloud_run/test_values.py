"""What the module is told of a deployment."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from golden_cases import PROJECTS

from nuages.config.load import load
from nuages.config.resolve import resolve
from nuages.errors import ConfigError
from nuages.project.detect import detect
from nuages.project.tree import Tree
from nuages.targets.cloud_run.infrastructure import infrastructure
from nuages.targets.cloud_run.sizes import GIB, MIB, gibibytes, resources
from nuages.targets.cloud_run.values import name, values

SPLIT = detect(Tree.open(PROJECTS / "split_postgres"))


def told(yaml: str, environment: str = "production") -> dict[str, object]:
    said = load(f"provider: gcp\nproject_name: my-site\n{yaml}".encode(), "nuages.yaml")
    return values(resolve(SPLIT, said, environment=environment))


@pytest.mark.parametrize(
    ("cpu", "memory", "limits"),
    [
        (1.0, GIB, ("1", "1024Mi")),
        (0.5, 256 * MIB, ("1", "512Mi")),
        (1.0, 6 * GIB, ("2", "6144Mi")),
        (3.0, GIB, ("4", "2048Mi")),
        (5.0, GIB, ("6", "4096Mi")),
        (16.0, 64 * GIB, ("8", "32768Mi")),
    ],
)
def test_sizes_that_cloud_run_has(cpu: float, memory: int, limits: tuple[str, str]) -> None:
    assert resources(cpu, memory) == limits


def test_whole_gibibytes() -> None:
    assert [gibibytes(n) for n in (0, MIB, GIB, GIB + 1)] == [1, 1, 1, 2]


def test_the_smallest_site_has_no_more_than_it_needs() -> None:
    found = told("database:\n  type: none\ncache:\n  type: none\nstorage:\n  type: none\n")
    assert not {"database", "cache", "storage", "rotation"} & set(found)
    assert found["web"]["min_instances"] == 0  # type: ignore[index]
    assert "DB_HOST" not in found["wiring"]  # type: ignore[operator]


def test_own_hosts_are_added_to_those_that_were_given() -> None:
    given = told("env_vars:\n  ALLOWED_HOSTS: shop.example\n")
    assert given["environment"]["ALLOWED_HOSTS"] == "shop.example"  # type: ignore[index]
    assert given["wiring"]["DJANGO_ALLOWED_HOSTS"] == "site.hosts"  # type: ignore[index]


def test_a_variable_is_plain_or_answered_or_secret_and_never_two() -> None:
    found = told("storage:\n  type: gcs\ndomain: shop.example\n")
    groups = [set(found[key]) for key in ("environment", "wiring", "secrets")]  # type: ignore[call-overload]
    assert sum(map(len, groups)) == len(set().union(*groups))


def test_every_secret_that_is_read_has_an_id() -> None:
    found = told("secrets:\n  - PAYMENT_API_KEY\n")
    readers = [found["web"], *found["workers"].values(), *found["jobs"].values()]  # type: ignore[attr-defined]
    read = {variable for reader in readers for variable in reader["secrets"]}
    assert "PAYMENT_API_KEY" in read
    assert read <= set(found["secrets"])  # type: ignore[call-overload]


@pytest.mark.parametrize("engine", ["postgresql", "mysql"])
def test_the_administrators_password_is_for_the_job_alone_that_makes_the_role(engine: str) -> None:
    found = told(f"database:\n  type: {engine}\n")
    readers = {"web": found["web"], **found["workers"], **found["jobs"]}  # type: ignore[dict-item]
    reading = [name for name, each in readers.items() if "DB_ADMIN_PASSWORD" in each["secrets"]]
    assert reading == ["db-init"]
    assert found["secrets"]["DB_ADMIN_PASSWORD"] == "my-site-db-admin-password"  # type: ignore[index]
    init = found["jobs"]["db-init"]  # type: ignore[index]
    assert init["environment"]["DB_ADMIN_USER"] == found["database"]["admin"]  # type: ignore[index]
    assert "DB_PASSWORD" in init["secrets"]


def test_another_environment_is_another_site() -> None:
    yaml = "provider: gcp\nproject_name: my-site\nenvironments:\n  staging:\n    profile: small\n"
    said = load(yaml.encode(), "nuages.yaml")
    staging = resolve(SPLIT, said, environment="staging")
    assert name(staging) == "my-site-staging"
    paths = {artifact.path for artifact in infrastructure(staging)}
    assert "infrastructure/staging.tfvars.json" in paths
    assert "infrastructure/terraform.tfvars.json" not in paths


def test_the_module_is_written_as_it_stands() -> None:
    said = load(b"provider: gcp\n", "nuages.yaml")
    written = {Path(a.path).name: a.text for a in infrastructure(resolve(SPLIT, said))}
    assert "google_cloud_run_v2_service" in written["web.tf"]
    assert json.loads(written["terraform.tfvars.json"])["region"] == "europe-west1"


def test_logs_errors_and_traces_go_where_google_reads_them() -> None:
    plain = told("")["environment"]
    assert plain["LOG_FORMAT"] == "google"
    assert "ERROR_REPORTING" not in plain
    assert not [key for key in plain if key.startswith("OTEL_")]
    found = told("observability: {traces: true, error_reporting: true}\n")["environment"]
    assert found["ERROR_REPORTING"] == "on"
    assert found["OTEL_EXPORTER_OTLP_ENDPOINT"] == "https://telemetry.googleapis.com"
    assert told("observability: {logs: text}\n")["environment"]["LOG_FORMAT"] == "text"
    own = told("env_vars: {OTEL_EXPORTER_OTLP_ENDPOINT: 'http://mine'}\n")["environment"]
    assert own["OTEL_EXPORTER_OTLP_ENDPOINT"] == "http://mine"


@pytest.mark.parametrize(
    ("yaml", "connections"),
    [
        ("profile: small", 100),
        ("profile: standard", None),
        ("database: {type: postgresql, tier: db-g1-small, max_connections: 40}", 40),
        ("database: {type: mysql, tier: db-f1-micro}", None),
    ],
)
def test_a_small_machine_admits_what_is_counted_on(yaml: str, connections: int | None) -> None:
    database = told(yaml)["database"]
    assert isinstance(database, dict)
    assert database["max_connections"] == connections


@pytest.mark.parametrize(
    ("size", "node"),
    [("1gb", "SHARED_CORE_NANO"), ("3gb", "STANDARD_SMALL"), ("10gb", "HIGHMEM_MEDIUM")],
)
def test_valkey_gets_the_smallest_node_that_holds_what_was_asked_for(size: str, node: str) -> None:
    found = told(f"cache:\n  type: valkey\n  size: {size}\n")["cache"]
    assert found["node_type"] == node  # type: ignore[index]
    assert "size_gb" not in found  # type: ignore[operator]


def test_how_often_one_address_may_ask() -> None:
    assert "waf_requests_per_minute" not in told("waf: true\n")
    found = told("waf:\n  requests_per_minute: 300\n")
    assert (found["waf"], found["waf_requests_per_minute"]) == (True, 300)


@pytest.mark.parametrize("closed", ["domain: shop.example", "ingress: internal", "waf: true"])
def test_what_nothing_outside_reaches_is_asked_by_a_job_inside(closed: str) -> None:
    assert "nuages-probe" not in told("")["jobs"]  # type: ignore[operator]
    job = told(f"{closed}\n")["jobs"]["nuages-probe"]  # type: ignore[index]
    assert (job["egress"], job["calls"], job["secrets"]) == ("all", True, [])


def test_callers_of_a_private_service() -> None:
    said = "access: private\ncallers: ['group:team@example.com']\n"
    assert told(said)["callers"] == ["group:team@example.com"]


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ("callers: ['group:a@b.example']\n", "callers needs access: private"),
        (
            "access: private\nobservability:\n  uptime_check: true\n",
            "observability/uptime_check: asks from outside, where access: private lets nobody in",
        ),
    ],
)
def test_what_contradicts_itself_is_refused(said: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        told(said)
