"""Cloud Run: the web service, the workers beside it, and what runs once."""

from __future__ import annotations

import math
from collections.abc import Iterator

from nuages.estimate import MONTH, Line, Range, Traffic, always, each
from nuages.model import Deployment, Job, Service
from nuages.targets.cloud_run import sizes
from nuages.targets.cloud_run.cost.clock import runs
from nuages.targets.cloud_run.prices import Prices

IDLE = 900.0
"""Seconds that an instance is kept after its last request, at most.
Source: https://cloud.google.com/run/docs/about-instance-autoscaling."""
PROBE = 0.1
"""Billed seconds of a probe: time is rounded up to 100 ms, and probes are billed.
Source: https://cloud.google.com/run/docs/configuring/healthchecks."""
RUN = 60.0
"""Seconds that a job is assumed to take, the least that is billed.
Source: https://cloud.google.com/run/pricing."""


def web(prices: Prices, deployment: Deployment, traffic: Traffic) -> Iterator[Line]:
    """The service that answers requests, billed by its requests or by its instances."""
    service = deployment.web
    cores, memory = _size(service)
    if service.cpu_always_on:
        alive = each(lambda r, d: _alive(service, r, d), traffic.requests, traffic.duration)
        said = "CPU always on: an instance is billed from its start to 15 minutes after its last"
        said += f" request, {service.scaling.min_instances} of them all month"
        yield prices.line("run.always_cpu", "web", "CPU, always on", alive * cores, said)
        yield prices.line("run.always_memory", "web", "memory, always on", alive * memory)
        return
    busy = each(lambda r, d: _busy(service, r, d), traffic.requests, traffic.duration)
    said = "an instance is billed while at least one request, or a probe, is in it"
    yield prices.line("run.cpu", "web", "CPU, busy", busy * cores, said)
    yield prices.line("run.memory", "web", "memory, busy", busy * memory)
    yield prices.line("run.requests", "web", "requests", traffic.requests)
    kept = service.scaling.min_instances * MONTH
    idle = each(lambda seconds: max(0.0, kept - seconds), busy)
    said = f"{service.scaling.min_instances} instances kept warm"
    yield prices.line("run.idle_cpu", "web", "CPU, idle", idle * cores, said)
    yield prices.line("run.idle_memory", "web", "memory, idle", idle * memory)


def _serving(service: Service, requests: float, duration: float) -> float:
    """Instances with a request in them, on average.

    Requests come at random: with ``overlap`` of them at a time, one instance has something to
    do for ``1 - exp(-overlap)`` of the time; many fill instances to their concurrency.
    """
    overlap = requests * duration / MONTH
    wanted = max(-math.expm1(-overlap), overlap / service.scaling.concurrency)
    return min(wanted, float(service.scaling.max_instances))


def _kept(service: Service, requests: float, duration: float) -> float:
    """Instances that are there, on average: serving, or not yet shut down."""
    late = -math.expm1(-requests / MONTH * (IDLE + duration))
    needed = max(late, _serving(service, requests, duration))
    return max(float(service.scaling.min_instances), needed)


def _alive(service: Service, requests: float, duration: float) -> float:
    return MONTH * _kept(service, requests, duration)


def _busy(service: Service, requests: float, duration: float) -> float:
    """Instance-seconds that are billed in full: requests, and the probes between them."""
    serving = _serving(service, requests, duration)
    idle = _kept(service, requests, duration) - serving
    probes = min(1.0, PROBE / service.liveness.interval) if service.liveness else 0.0
    return MONTH * (serving + idle * probes)


def workers(prices: Prices, deployment: Deployment) -> Iterator[Line]:
    """Worker pools: every instance, all month."""
    for service in deployment.services:
        cores, memory = _size(service)
        seconds = always(service.scaling.max_instances * MONTH)
        said = f"{service.scaling.max_instances} all month, {cores:g} CPU each"
        yield prices.line("run.worker_cpu", service.name, "CPU", seconds * cores, said)
        yield prices.line("run.worker_memory", service.name, "memory", seconds * memory)


def jobs(prices: Prices, deployment: Deployment, traffic: Traffic) -> Iterator[Line]:
    """What a release runs, and what the clock starts."""
    of_release = [j for j in deployment.jobs if j.purpose in ("migrate", "db-init", "other")]
    scheduled = [j for j in deployment.jobs if j.schedule]
    cpu, memory = always(0), always(0)
    for job in (*of_release, *scheduled):
        seconds = (always(runs(job.schedule)) if job.schedule else traffic.releases) * RUN
        cores, size = _size(job)
        cpu, memory = cpu + seconds * cores, memory + seconds * size
    said = "a minute each: at every release, and as scheduled"
    yield prices.line("run.always_cpu", "jobs", "CPU", cpu, said)
    yield prices.line("run.always_memory", "jobs", "memory", memory)


def instances(deployment: Deployment) -> Range:
    """Instances that are there, at least, in an ordinary and in a busy month."""
    beside = sum(service.scaling.max_instances for service in deployment.services)
    least = deployment.web.scaling.min_instances
    return Range(least + beside, max(1, least) + beside, max(2, least) + beside)


def _size(of: Service | Job) -> tuple[float, float]:
    """Cores and GiB, as they can be had."""
    cores, memory = sizes.resources(of.cpu, of.memory)
    return float(cores), float(memory.removesuffix("Mi")) / 1024
