"""What a site costs: sums by hand, and what may never happen."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from golden_cases import deployed
from hypothesis import given, settings
from hypothesis import strategies as st

from nuages.config.load import load
from nuages.config.resolve import resolve
from nuages.estimate import GIB, MONTH, PRODUCTION, Estimate, Traffic, always, usual
from nuages.model import Deployment, Service
from nuages.project.detect import detect
from nuages.project.tree import Tree
from nuages.targets.cloud_run.cost import estimate
from nuages.targets.cloud_run.cost.clock import runs
from nuages.targets.cloud_run.cost.stores import machine

QUIET = Traffic(always(0), always(0.2), always(0), always(0), always(0))
SITE = deployed("split_postgres", "gcp")


def sited(text: str, layout: str = "split_postgres") -> Deployment:
    folder = Path(__file__).parents[2] / "fixtures/projects" / layout
    region = "" if "region:" in text else "region: us-central1\n"
    said = f"provider: gcp\n{region}{text}"
    return resolve(detect(Tree.open(folder)), load(said.encode(), "nuages.yaml"))


def web(cpu: int, memory: str, instances: int) -> str:
    scaling = f"{{min_instances: {instances}, max_instances: {instances}}}"
    resources = f"{{cpu: {cpu}, memory: {memory}}}"
    return f"deployment:\n  resources: {resources}\n  scaling: {scaling}\n"


def of(found: Estimate, group: str) -> float:
    return found.groups[group].expected if group in found.groups else 0.0


def with_web(deployment: Deployment, **changes: object) -> Deployment:
    scaling = replace(deployment.web.scaling, **changes)
    return replace(deployment, web=replace(deployment.web, scaling=scaling))


def test_a_site_that_nobody_visits() -> None:
    """Two cores and 2 GiB kept warm, by Google's idle rate; no request, no data."""
    site = sited(web(2, "2Gi", 2))
    found = estimate(replace(site, web=replace(site.web, liveness=None)), QUIET, free=False)
    assert of(found, "web") == pytest.approx(2 * MONTH * (2 + 2) * 0.0000025)
    assert of(found, "egress") == 0


def test_an_always_busy_instance_by_requests() -> None:
    """One core and 1 GiB for a whole month: 2 628 000 seconds at both rates, and the requests."""
    site = sited(web(1, "1Gi", 1))
    busy = replace(QUIET, requests=always(5_000_000), duration=always(20))
    found = estimate(site, busy, free=False)
    by_hand = MONTH * (0.000024 + 0.0000025) + 5 * 0.4
    assert of(found, "web") == pytest.approx(by_hand, rel=1e-3)


def test_instances_whose_cpu_is_always_on() -> None:
    text = web(2, "2Gi", 2) + "  cpu_always_on: true\n"
    found = estimate(sited(text), QUIET, free=False)
    assert of(found, "web") == pytest.approx(2 * MONTH * 2 * (0.000018 + 0.000002))


def test_a_database_and_its_standby() -> None:
    text = "database: {tier: db-custom-1-3840, disk: 10gb}\n"
    alone = estimate(sited(text), QUIET)
    by_hand = 730 * (0.0413 + 3.75 * 0.007) + 10 * 0.17 + 3 * 0.08
    assert of(alone, "database") == pytest.approx(by_hand)
    twice = text.replace("}", ", high_availability: true}")
    assert of(estimate(sited(twice), QUIET), "database") == pytest.approx(2 * by_hand - 3 * 0.08)


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("db-custom-2-7680", (2, 7.5)),
        ("db-n1-standard-4", (4, 15)),
        ("db-n1-highmem-2", (2, 13)),
        ("db-perf-optimized-N-2", None),
    ],
)
def test_machines(name: str, size: tuple[float, float] | None) -> None:
    assert machine(name) == size
    found = estimate(sited(f"database: {{tier: {name}}}\n"), QUIET)
    assert bool(found.unpriced) == (size is None)


def test_a_load_balancer_with_everything_before_it() -> None:
    text = "domain: jazz.example.com\ncdn: true\nwaf: true\nnetwork: {egress: all}\n"
    loaded = replace(QUIET, requests=always(1_000_000), egress=always(100 * GIB))
    found = estimate(sited(text), loaded, free=False)
    assert of(found, "load balancer") == pytest.approx(
        730 * 0.025 + (40 + 1_000_000 * 2 / 1024**2) * 0.008
    )
    assert of(found, "firewall") == pytest.approx(5 + 10 + 0.75)
    assert of(found, "CDN") == pytest.approx(60 * 0.08 + 6 * 0.01 + 0.75)
    assert of(found, "egress") == pytest.approx(40 * 0.12)
    assert of(found, "outgoing address") > 730 * 0.005


@pytest.mark.parametrize(
    ("schedule", "times"),
    [
        ("0 3 * * *", 730 / 24),
        ("*/15 * * * *", 730 * 4),
        ("0 9-17 * * *", 730 / 24 * 9),
        ("0 0 * * 7", 730 / 24 / 7),
        ("0 0 * * sun,mon", 730 / 24 / 7 * 2),
        ("30 4 1 * *", 730 / 24 / 31),
        ("0 0 1 jan *", 730 / 24 / 31 / 12),
        ("5/20 * * * *", 730 * 3),
    ],
)
def test_how_often_a_clock_runs(schedule: str, times: float) -> None:
    assert runs(schedule) == pytest.approx(times)


@given(
    instances=st.integers(0, 20),
    more=st.integers(1, 20),
    requests=st.floats(0, 1e9),
    busier=st.floats(1, 100),
    duration=st.floats(0.001, 60),
    always_on=st.booleans(),
    free=st.booleans(),
)
@settings(max_examples=60)
def test_more_never_costs_less(
    instances: int,
    more: int,
    requests: float,
    busier: float,
    duration: float,
    always_on: bool,
    free: bool,
) -> None:
    site = replace(SITE, web=replace(SITE.web, cpu_always_on=always_on))
    few = with_web(site, min_instances=instances, max_instances=40)
    many = with_web(site, min_instances=instances + more, max_instances=40)
    traffic = replace(PRODUCTION, requests=always(requests), duration=always(duration))
    least = estimate(few, traffic, free=free).total.expected
    assert estimate(many, traffic, free=free).total.expected >= least - 1e-6
    # A second of an idle instance is billed, one of a busy instance may be free: only without
    # the allowance do more requests cost no less.
    plain = estimate(few, traffic, free=False).total.expected
    assert plain >= least
    crowd = replace(traffic, requests=always(requests * busier))
    assert estimate(few, crowd, free=False).total.expected >= plain - 1e-6
    slower = replace(traffic, duration=always(duration * busier))
    assert estimate(few, slower, free=False).total.expected >= plain - 1e-6


@given(cpu=st.sampled_from([1, 2, 4, 8]), workers=st.integers(1, 10))
@settings(max_examples=20)
def test_larger_never_costs_less(cpu: int, workers: int) -> None:
    def total(cores: float, count: int) -> float:
        worker = replace(
            SITE.web,
            name="worker",
            cpu=cores,
            scaling=replace(SITE.web.scaling, max_instances=count),
        )
        web: Service = replace(SITE.web, cpu=cores)
        return estimate(replace(SITE, web=web, services=(worker,)), PRODUCTION).total.expected

    assert total(cpu, workers) <= total(cpu, workers + 1)
    assert total(cpu, workers) <= total(cpu * 2, workers)


def test_a_busy_month_costs_more_than_a_quiet_one() -> None:
    for profile in ("small", "standard", "high-availability"):
        found = estimate(sited(f"profile: {profile}\n"), PRODUCTION, free=False)
        assert all(line.monthly.low >= 0 for line in found.lines)
        for group in found.groups.values():  # an instance that serves is not idle
            assert group.low <= group.expected <= group.high


def test_what_is_assumed_is_said() -> None:
    found = estimate(sited("region: europe-west12\n"), usual("staging"), free=False)
    assert any("europe-west1's prices are taken" in said for said in found.assumptions)
    assert any("without the billing account's free allowances" in s for s in found.assumptions)
    assert estimate(SITE, PRODUCTION).dated == "2026-11-21"
    assert estimate(SITE, PRODUCTION).sources
