"""The web service, the workers beside it, and what nuages.yaml adds."""

from __future__ import annotations

from collections.abc import Iterator

from nuages.config import overlay, server
from nuages.config.inputs import Inputs
from nuages.config.profiles import MIB
from nuages.config.schema.deployment import Resources
from nuages.config.schema.processes import ServiceSection
from nuages.model import Database, Probe, Scaling, ServerProcess, Service
from nuages.project.facts import CeleryApp

LIVE = "/health/live"
READY = "/health/"
ASGI_CONCURRENCY = 80
WORKER_CPU = 1.0
WORKER_MEMORY = 512 * MIB
WORKER_STOP = 60
"""Seconds that a running task gets to end in."""
_SCHEDULE_FILE = "--schedule=/tmp/celerybeat-schedule"
_NO_PID_FILE = "--pidfile="  # older Celery writes one by itself, in a folder that is read-only
_QUEUES = {
    "huey": ("run_huey",),
    "django-rq": ("rqworker", "default"),
    "django-q": ("qcluster",),
    "dramatiq": ("rundramatiq",),
    "procrastinate": ("procrastinate", "worker"),
    "django-tasks": ("db_worker",),
}


def web(
    inputs: Inputs, database: Database | None, secrets: tuple[str, ...]
) -> tuple[Service, ServerProcess]:
    """The service that answers requests, and the server inside it."""
    said = inputs.scaling
    least = inputs.profile.min_instances if said.min_instances is None else said.min_instances
    most = said.max_instances or max(inputs.profile.max_instances, least)
    process = server.process(inputs, _target(inputs), database, most)
    usual = ASGI_CONCURRENCY if process.asgi else process.workers * process.threads
    service = Service(
        name="web",
        command=(),
        cpu=inputs.resources.cpu or inputs.profile.cpu,
        memory=inputs.resources.memory or inputs.profile.memory,
        scaling=Scaling(
            min_instances=min(least, most),
            max_instances=most,
            concurrency=inputs.deployment.concurrency or usual,
            target_cpu=said.target_cpu or inputs.profile.target_cpu,
        ),
        secrets=secrets,
        stop_timeout=server.stop_timeout(inputs),
        server=process,
        liveness=_probe(inputs, inputs.health.live_path or LIVE),
        readiness=_probe(inputs, inputs.health.path or READY),
        request_timeout=server.request_timeout(inputs),
        cpu_always_on=bool(inputs.deployment.cpu_always_on),
    )
    return service, process


def _target(inputs: Inputs) -> str:
    """``module:attribute`` of what is served: said, generated, or the project's own."""
    if inputs.server.application and not overlay.needs_entry(inputs):
        return inputs.server.application
    entry = server.entry_point(inputs)
    if entry is None or overlay.needs_entry(inputs):
        return f"{overlay.names(inputs).entry_module}:application"
    return entry.target


def _probe(inputs: Inputs, path: str) -> Probe:
    said = inputs.health
    interval = said.interval or 30
    return Probe(
        path=path,
        interval=interval,
        timeout=said.timeout or min(5, interval),
        failure_threshold=said.failure_threshold or 3,
        start_period=said.start_period or 60,
        start_delay=said.start_delay or 0,
    )


def beside(inputs: Inputs, secrets: tuple[str, ...]) -> tuple[Service, ...]:
    """Every service but the web: those found in the project, then those of nuages.yaml."""
    found = dict(_detected(inputs, secrets))
    for name, section in (inputs.manifest.services or {}).items():
        if name == "web":
            hint = "the web service is what deployment describes"
            raise inputs.error(("services", name), "cannot be named so", hint)
        if section is None:
            found.pop(name, None)
        else:
            found[name] = _said(inputs, name, section, found.get(name), secrets)
    return tuple(service for service in found.values() if service.scaling.max_instances)


def _detected(inputs: Inputs, secrets: tuple[str, ...]) -> Iterator[tuple[str, Service]]:
    celery = inputs.project.celery
    if celery is not None:
        yield "worker", _worker("worker", _celery_worker(celery.value), secrets)
        if celery.value.beat:
            yield "beat", _singleton("beat", _celery_beat(celery.value), secrets)
    for fact in inputs.project.task_queues:
        command = _QUEUES.get(fact.value)
        if command is not None:
            yield fact.value, _worker(fact.value, ("python", "-m", "django", *command), secrets)


def _celery_worker(app: CeleryApp) -> tuple[str, ...]:
    return ("celery", "-A", app.target, "worker", "--loglevel=INFO", "--concurrency=2")


def _celery_beat(app: CeleryApp) -> tuple[str, ...]:
    where = f"--scheduler={app.scheduler}" if app.scheduler else _SCHEDULE_FILE
    return ("celery", "-A", app.target, "beat", "--loglevel=INFO", _NO_PID_FILE, where)


def _worker(name: str, command: tuple[str, ...], secrets: tuple[str, ...]) -> Service:
    return Service(
        name=name,
        command=command,
        cpu=WORKER_CPU,
        memory=WORKER_MEMORY,
        scaling=Scaling(min_instances=1, max_instances=1, concurrency=1),
        secrets=secrets,
        stop_timeout=WORKER_STOP,
    )


def _singleton(name: str, command: tuple[str, ...], secrets: tuple[str, ...]) -> Service:
    return Service(
        name=name,
        command=command,
        cpu=0.5,
        memory=256 * MIB,
        scaling=Scaling(min_instances=1, max_instances=1, concurrency=1),
        secrets=secrets,
        singleton=True,
        stop_timeout=10,
    )


def _said(
    inputs: Inputs,
    name: str,
    section: ServiceSection,
    found: Service | None,
    secrets: tuple[str, ...],
) -> Service:
    """A service as nuages.yaml says it, over the one of that name that was found."""
    command = section.command or (found.command if found else ())
    if not command:
        hint = "name its command; none of that name was found in the project"
        raise inputs.error(("services", name), "needs the key 'command'", hint)
    start = found or _worker(name, command, secrets)
    resources = section.resources or Resources.model_construct()
    singleton = start.singleton if section.singleton is None else section.singleton
    instances = start.scaling.max_instances if section.instances is None else section.instances
    if singleton and instances > 1:
        raise inputs.error(("services", name, "instances"), "a singleton runs once", "say 1 or 0")
    return Service(
        name=name,
        command=command,
        cpu=resources.cpu or start.cpu,
        memory=resources.memory or start.memory,
        scaling=Scaling(min_instances=instances, max_instances=instances, concurrency=1),
        environment=dict(section.env_vars or {}),
        secrets=tuple(dict.fromkeys((*secrets, *(section.secrets or ())))),
        singleton=singleton,
        stop_timeout=section.stop_timeout or start.stop_timeout,
    )
