"""A deployment as the variables of the Terraform module."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from nuages.model import Cache, Database, Deployment, Job, Service, Storage
from nuages.targets.cloud_run import reach, sizes
from nuages.targets.cloud_run.environment import (
    ADMIN_PASSWORD,
    environment,
    of_process,
    secret_ids,
    wiring,
)

ADMIN = "nuages-admin"
"""The account of the database that ``db-init`` uses."""
RUN = "run"
"""The job that commands are run with: see ``day_two.commands``."""
DJANGO = ("python", "-m", "django")
COLLECTSTATIC = (*DJANGO, "collectstatic", "--noinput")


def values(deployment: Deployment) -> dict[str, Any]:
    """Everything but ``project_id`` and ``image``, which are known when it is deployed only."""
    found: dict[str, Any] = {
        "name": name(deployment),
        "region": deployment.region,
        "ingress": deployment.network.ingress,
        "callers": list(deployment.network.callers),
        "domain": _domains(deployment),
        "cdn": deployment.cdn,
        "waf": deployment.waf,
        "static_bucket": deployment.static == "bucket",
        "static_url": deployment.static_url,
        "network": _network(deployment),
        "secrets": secret_ids(deployment, name(deployment)),
        "environment": environment(deployment),
        "wiring": wiring(deployment),
        "web": _web(deployment.web),
        "workers": _traced(deployment, {s.name: _worker(s) for s in deployment.services}),
        "jobs": _traced(deployment, _jobs(deployment), ends=True),
        "observability": _observability(deployment),
    }
    if deployment.waf_rate is not None:
        found["waf_requests_per_minute"] = deployment.waf_rate
    return found | _stores(deployment) | _guards(deployment)


def name(deployment: Deployment) -> str:
    """What begins the name of everything: the site, and its environment unless production."""
    production = deployment.environment == "production"
    whole = deployment.name if production else f"{deployment.name}-{deployment.environment}"
    return whole[:30].rstrip("-")


def _domains(deployment: Deployment) -> list[str]:
    return [name for name in (deployment.domain, *deployment.aliases) if name]


def _stores(deployment: Deployment) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if deployment.database is not None and deployment.database.engine != "sqlite":
        found["database"] = _database(deployment.database, deployment.profile)
    if deployment.cache is not None:
        found["cache"] = _cache(deployment.cache)
    if deployment.storage is not None and deployment.storage.kind == "gcs":
        found["storage"] = _storage(deployment.storage, deployment)
    made_up = [secret.name for secret in deployment.secrets if secret.generated]
    if deployment.secrets_rotation and made_up:
        found["rotation"] = {"period": deployment.secrets_rotation, "secrets": made_up}
    return found


def _network(deployment: Deployment) -> dict[str, Any]:
    said = deployment.network
    subnet = said.subnets[0] if said.subnets else None
    found = {
        "vpc": said.vpc,
        "subnet": subnet,
        "egress": said.egress,
        "peered": said.peered,
        "connector": said.connector,
    }
    return found | ({"range": said.range} if said.range else {})


def _guards(deployment: Deployment) -> dict[str, Any]:
    found: dict[str, Any] = {
        "labels": dict(deployment.labels),
        "deletion_protection": deployment.deletion_protection,
        "perimeter": deployment.network.perimeter,
    }
    if deployment.budget is not None:
        said = deployment.budget
        found["budget"] = {
            "billing_account": said.account,
            "amount": said.amount,
            "currency": said.currency,
        }
    if deployment.deployer is not None:
        found["deployer"] = asdict(deployment.deployer)
    if deployment.trigger is not None:
        found["trigger"] = asdict(deployment.trigger)
    return found


def _database(database: Database, profile: str) -> dict[str, Any]:
    tier = database.tier or sizes.tier(profile)
    return {
        "engine": database.engine,
        "version": database.version,
        "tier": tier,
        "name": database.name,
        "user": database.user,
        "admin": ADMIN,
        "disk": sizes.gibibytes(database.disk),
        "high_availability": database.high_availability,
        "backups": database.backups or database.high_availability,
        "max_connections": database.max_connections or sizes.max_connections(database.engine, tier),
        "flags": dict(database.flags),
        "socket": database.socket,
        "existing": database.existing,
    }


def _cache(cache: Cache) -> dict[str, Any]:
    size: dict[str, Any] = {"size_gb": sizes.gibibytes(cache.size)}
    if cache.engine == "valkey":
        size = {"node_type": sizes.valkey_node(cache.size)[0]}
    return {
        "engine": cache.engine,
        "version": _cache_version(cache),
        **size,
        "high_availability": cache.high_availability,
    }


def _cache_version(cache: Cache) -> str:
    """Memorystore has minor versions: REDIS_7_2, VALKEY_8_0."""
    usual = {"redis": {"7": "7.2", "6": "6.x"}, "valkey": {"7": "7.2", "8": "8.0", "9": "9.0"}}
    return usual[cache.engine].get(cache.version, cache.version)


def _storage(storage: Storage, deployment: Deployment) -> dict[str, Any]:
    return {
        "bucket": storage.bucket,
        "public": storage.public,
        "mount": storage.mount,
        "origins": [f"https://{name}" for name in _domains(deployment)],
    }


def _web(web: Service) -> dict[str, Any]:
    cpu, memory = sizes.resources(web.cpu, web.memory)
    found: dict[str, Any] = {
        "cpu": cpu,
        "memory": memory,
        "min_instances": web.scaling.min_instances,
        "max_instances": web.scaling.max_instances,
        "concurrency": min(web.scaling.concurrency, 1000),
        "timeout": min(web.request_timeout, 3600),
        "cpu_always_on": web.cpu_always_on,
        "environment": dict(web.environment),
        "secrets": sorted(web.secrets),
    }
    if web.liveness is not None:
        found |= {
            "live_path": web.liveness.path,
            "probe_interval": web.liveness.interval,
            "probe_timeout": web.liveness.timeout,
            "probe_threshold": web.liveness.failure_threshold,
            "start_period": min(web.liveness.start_period, 240),
            "start_delay": min(web.liveness.start_delay, 240),
        }
    return found


def _traced(deployment: Deployment, found: dict[str, Any], *, ends: bool = False) -> dict[str, Any]:
    """The same, with what a trace has to say of each; what is written down for one wins."""
    return {
        name: {
            **each,
            "environment": {**of_process(deployment, name, ends=ends), **each["environment"]},
        }
        for name, each in found.items()
    }


def _worker(service: Service) -> dict[str, Any]:
    cpu, memory = sizes.resources(service.cpu, service.memory)
    return {
        "command": list(service.command),
        "cpu": cpu,
        "memory": memory,
        "instances": service.scaling.max_instances,
        "singleton": service.singleton,
        "environment": dict(service.environment),
        "secrets": sorted(service.secrets),
    }


def _jobs(deployment: Deployment) -> dict[str, Any]:
    found = {job.name: _job(job) for job in deployment.jobs}
    if deployment.static == "bucket":
        upload = Job("collectstatic", COLLECTSTATIC, cpu=1, memory=sizes.LEAST_MEMORY, timeout=900)
        found["collectstatic"] = _job(upload) | {"secrets": sorted(deployment.migrate.secrets)}
    if reach.is_closed(deployment):
        found[reach.PROBE] = {**_job(reach.job()), "egress": "all", "calls": True}
    return {**found, RUN: _commands(deployment)}


def _commands(deployment: Deployment) -> dict[str, Any]:
    """What the site itself has, and arguments that stand for whatever is run."""
    web, job = deployment.web, Job(RUN, (), cpu=1, memory=deployment.web.memory, timeout=3600)
    found = _job(replace(job, environment=web.environment, secrets=web.secrets))
    return {**found, "args": [*DJANGO, "check"]}


def _job(job: Job) -> dict[str, Any]:
    init = job.purpose == "db-init"
    admin = {"DB_ADMIN_USER": ADMIN} if init else {}
    cpu, memory = sizes.resources(job.cpu, job.memory)
    return {
        "command": list(job.command),
        "cpu": cpu,
        "memory": memory,
        "timeout": job.timeout,
        "schedule": job.schedule,
        "retries": job.retries,
        "environment": {**job.environment, **admin},
        "secrets": sorted((*job.secrets, ADMIN_PASSWORD) if init else job.secrets),
    }


def _observability(deployment: Deployment) -> dict[str, Any]:
    said = deployment.observability
    return {
        "traces": said.traces,
        "error_reporting": said.error_reporting,
        "uptime_path": said.uptime_check,
        "emails": list(said.alerts),
        "dashboard": said.dashboard,
    }
