"""Secrets, images, logs, checks and alerts: small by itself, and never quite nothing."""

from __future__ import annotations

from collections.abc import Iterator

from nuages.estimate import KIB, MONTH, Line, Range, Traffic, always, each
from nuages.model import Deployment
from nuages.targets.cloud_run.environment import secret_ids, wiring
from nuages.targets.cloud_run.prices import Prices
from nuages.targets.cloud_run.reach import has_balancer

LOGGED = 1 * KIB / 1024**3
"""GiB of a request's log."""
IMAGES = Range(0.4, 1.0, 3.0)
"""GiB of ten images that share most layers."""
PLACES = 6
"""That an uptime check asks from, every five minutes.
Source: https://cloud.google.com/monitoring/uptime-checks."""
EVALUATION = 30
"""Seconds between two looks at a condition.
Source: https://cloud.google.com/monitoring/alerts/cost-control."""
STARTS = Range(50, 500, 5000)
"""Instances that start in a month, each reading every secret once."""


def secrets(prices: Prices, deployment: Deployment) -> Iterator[Line]:
    """A version of each, read when an instance starts."""
    parts = set(wiring(deployment).values())
    redis = deployment.cache is not None and deployment.cache.engine == "redis"
    whole = ("database.url" in parts) + ("cache.url" in parts and redis)
    count = len(set(secret_ids(deployment, "").values())) + whole
    said = f"{count} secrets; the first 6 of an account are free"
    yield prices.line("secrets.version", "secrets", "versions", always(count), said)
    yield prices.line("secrets.access", "secrets", "reads", STARTS * count)
    made_up = sum(secret.generated for secret in deployment.secrets)
    if deployment.secrets_rotation and made_up:
        rotations = always(made_up * MONTH / deployment.secrets_rotation)
        yield prices.line("secrets.rotation", "secrets", "rotations", rotations)
        sent = each(lambda n: n * KIB / 1024**3, rotations)
        yield prices.line("pubsub.delivery", "secrets", "notices of rotation", sent)


def images(prices: Prices, deployment: Deployment) -> Iterator[Line]:
    """The ten releases that the registry keeps."""
    if deployment.environment != "production":
        return
    said = "ten releases that share most layers; every environment takes its images from there"
    yield prices.line("registry.storage", "images", "storage", IMAGES, said)


def logs(prices: Prices, deployment: Deployment, traffic: Traffic) -> Iterator[Line]:
    """A kibibyte a request, two where a load balancer logs it too."""
    times = 3 if has_balancer(deployment) else 2
    said = f"{times} KiB a request: the platform's, the site's" + (
        ", the load balancer's" if times > 2 else ""
    )
    written = traffic.requests * (LOGGED * times)
    yield prices.line("logs.storage", "logs", "requests", written, said)
    flows = each(lambda requests: requests * LOGGED * 0.2 + 0.05, traffic.requests)
    said = "a tenth of the connections in the private network"
    yield prices.line("logs.network", "logs", "network flows", flows, said)


def watching(prices: Prices, deployment: Deployment) -> Iterator[Line]:
    """The uptime check, and a look at every condition twice a minute."""
    said = deployment.observability
    if said.uptime_check:
        executions = always(MONTH / 300 * PLACES)
        every = f"from {PLACES} places, every five minutes"
        yield prices.line("uptime.execution", "monitoring", "uptime check", executions, every)
    if said.alerts:
        count = conditions(deployment)
        announced = f"{count} conditions; announced, and not every account is billed for it yet"
        billed = Range(0, count, count)
        yield prices.line("alert.condition", "monitoring", "alerts", billed, announced)
        looks = billed * (MONTH / EVALUATION)
        yield prices.line("alert.series", "monitoring", "time series of alerts", looks)


def conditions(deployment: Deployment) -> int:
    """Alerts of observability.tf: errors and latency, a job, two of the database, the check."""
    database = deployment.database is not None and deployment.database.engine != "sqlite"
    watched = bool(deployment.observability.uptime_check)
    return 2 + bool(deployment.jobs) + (2 if database else 0) + watched


def schedules(prices: Prices, deployment: Deployment) -> Iterator[Line]:
    """A clock for each scheduled command."""
    count = sum(job.schedule is not None for job in deployment.jobs)
    if count:
        said = "the first 3 of an account are free"
        yield prices.line("scheduler.job", "schedules", "clocks", always(count), said)
