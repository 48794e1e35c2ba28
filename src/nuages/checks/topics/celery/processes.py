"""The processes of Celery: whether there are workers, how many tasks each runs, and one clock."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.sources.compose import ComposeFile, ComposeService
from nuages.checks.topics.celery.options import Options, uses_celery
from nuages.checks.topics.celery.starts import Start, removed_services, starts
from nuages.checks.topics.celery.tasks import tasks

_WORKERS = "https://docs.celeryq.dev/en/stable/userguide/workers.html"
_BEAT = "https://docs.celeryq.dev/en/stable/userguide/periodic-tasks.html"
_COMPOSE = "docker-compose.production.yml"
_WEB = """\
services:
  web:
    image: library:1.2.3
    command: gunicorn config.wsgi --timeout 310
    mem_limit: 1g
    stop_grace_period: 6m
"""
_SERVICE = """\
  {name}:
    image: library:1.2.3
    command: celery -A config.celery_app {command}
    mem_limit: {memory}
    stop_grace_period: 6m
"""
_WORKER = "worker --concurrency=2"
PROCESS = 80 * 1024**2
"""Bytes that a process with Django in it takes at the very least."""
_THREADS = ("threads", "gevent", "eventlet", "solo")


def _compose(*services: tuple[str, str], memory: str = "1g") -> dict[str, str]:
    parts = [_SERVICE.format(name=n, command=c, memory=memory) for n, c in services]
    return {_COMPOSE: _WEB + "".join(parts)}


def _runs(production: Production, kind: str) -> bool:
    """Whether something starts a part of Celery, or a command that cannot be read may."""
    return any(s.kind == kind or (kind == "beat" and s.has_beat) for s in starts(production))


@rule(
    "CEL013",
    severity="error",
    title="Nothing runs the tasks",
    why="The site queues tasks and no worker is started: the queue grows until the broker is "
    "full, and nothing that was promised happens.",
    symptom="No mail, no import, and no error; a list named celery in Redis that only grows.",
    fix="Start one beside the site: `celery -A config worker --concurrency=2`.",
    url=_WORKERS,
    mistake=_compose(),
    fixed=_compose(("worker", _WORKER), ("beat", "beat --schedule=/tmp/beat")),
    site="split",
)
def no_worker(production: Production) -> Faults:
    yield from _absent(production, "worker", "queues tasks, and no service runs them")


@rule(
    "CEL014",
    severity="error",
    title="Nothing keeps the schedule",
    why="The schedule is a list that beat reads. With workers and no beat nobody looks at it.",
    symptom="A nightly job that has never run; tables that are never cleaned.",
    fix="Start exactly one: `celery -A config beat --schedule=/tmp/celerybeat-schedule`.",
    url=f"{_BEAT}#starting-the-scheduler",
    mistake=_compose(("worker", _WORKER)),
    fixed=_compose(("worker", _WORKER), ("beat", "beat --schedule=/tmp/beat")),
    site="split",
)
def no_beat(production: Production) -> Faults:
    celery = production.project.celery
    scheduled = celery is not None and celery.value.beat
    if scheduled and (_runs(production, "worker") or "beat" in removed_services(production)):
        yield from _absent(production, "beat", "has a schedule, and no service keeps it")


def _absent(production: Production, kind: str, what: str) -> Faults:
    if not uses_celery(production) or not any(True for _ in tasks(production)):
        return
    yield from _taken_away(production, kind, what)
    if _runs(production, kind):
        return
    for compose in production.compose_files:
        web = _web(compose)
        if web is not None and not any(_may_be(kind, each) for each in compose.services):
            yield Fault(f"The site {what}", web.key)
    names = {entry.name for entry in production.processes}
    if "web" in names and not names - {"web", "release", "worker" if kind == "beat" else "web"}:
        where = next(e.location for e in production.processes if e.name == "web")
        yield Fault(f"The site {what}", where)


def _taken_away(production: Production, kind: str, what: str) -> Faults:
    """nuages.yaml leaves out the service that was found, and names no other."""
    found = [start for start in starts(production) if start.kind == kind or start.has_beat]
    if kind in removed_services(production) and not any(start.service for start in found):
        where = production.config_at("services", kind)
        message = f"The site {what}: nuages.yaml takes {kind} away"
        yield Fault(message, where, severity="warning" if found else None)


def _may_be(kind: str, service: ComposeService) -> bool:
    """Whether a service may start it by another command: a script, or the image's own."""
    words = r"beat|sched|cron|clock|\.sh\b|/start|honcho|supervisord"
    also = r"|celery|worker|queue|task" if kind == "worker" else ""
    text = f"{service.name} {service.command} {service.image}"
    return bool(re.search(words + also, text, re.I))


def _web(compose: ComposeFile) -> ComposeService | None:
    """The service that is the site, by its command or its build."""
    servers = re.compile(r"\b(?:gunicorn|uvicorn|daphne|uwsgi|granian|hypercorn|runserver)\b")
    named = [s for s in compose.services if servers.search(s.command)]
    built = [s for s in compose.services if s.yaml.get("build") and s.yaml.get("ports")]
    return next(iter(named or built), None)


@rule(
    "CEL015",
    severity="warning",
    title="The worker starts as many processes as the host has cores",
    why="Without --concurrency a worker asks how many cores there are, and hears of the host's, "
    "not of the container's share: 64 processes, each with Django in it, in 512 MiB.",
    symptom="OOMKilled; WorkerLostError: signal 9 (SIGKILL), on one host and not on another.",
    fix="Say it: `celery -A config worker --concurrency=2`.",
    url=f"{_WORKERS}#concurrency",
    mistake=_compose(("worker", "worker"), ("beat", "beat --schedule=/tmp/beat")),
    fixed=_compose(("worker", _WORKER), ("beat", "beat --schedule=/tmp/beat")),
    site="split",
)
def every_core(production: Production) -> Faults:
    options = Options(production)
    if uses_celery(production) and not options.said("worker_concurrency"):
        for start in _workers(production):
            if start.option("c", "concurrency", "autoscale") is None:
                yield Fault("This worker has no --concurrency", start.location)


def _workers(production: Production) -> Iterator[Start]:
    """Workers that have processes, not threads."""
    for start in starts(production):
        if start.kind == "worker" and start.option("P", "pool") not in _THREADS:
            yield start


@rule(
    "CEL016",
    severity="warning",
    title="The worker's processes do not fit into its memory",
    why="Each process of a worker holds Django and the project, some 100 MiB before its first "
    "task. When the memory is full the kernel kills one, and its task with it.",
    symptom="WorkerLostError: Worker exited prematurely: signal 9 (SIGKILL); OOMKilled.",
    fix="Lower --concurrency, or give the service more memory.",
    url=f"{_WORKERS}#concurrency",
    mistake=_compose(("worker", "worker --concurrency=8"), ("b", "beat -s /tmp/b"), memory="512m"),
    fixed=_compose(("worker", "worker --concurrency=8"), ("b", "beat -s /tmp/b"), memory="2g"),
    site="split",
)
def too_many(production: Production) -> Faults:
    for start in _workers(production):
        memory, processes = _memory(start), start.concurrency
        if memory and processes and processes * PROCESS > memory:
            message = f"{processes} processes in {memory // 1024**2} MiB"
            yield Fault(message, start.location)


def _memory(start: Start) -> int | None:
    """Bytes that a worker may take, where that is known."""
    if start.service is not None:
        return start.service.memory
    if start.compose is None:
        return None
    limits = start.compose.yaml.get("deploy", "resources", "limits", "memory")
    written = start.compose.yaml.get("mem_limit") or limits
    found = re.fullmatch(
        r"(\d+(?:\.\d+)?)\s*([kmg])?i?b?", (written.text if written else "").lower()
    )
    units = {"k": 1024, "m": 1024**2, "g": 1024**3, None: 1}
    return int(float(found[1]) * units[found[2]]) if found else None


@rule(
    "CEL017",
    severity="warning",
    title="The clock is inside a worker",
    why="With -B each worker keeps the schedule. As soon as there are two, or for the moment of a "
    "release, each scheduled task is queued twice; and a busy worker is a late clock.",
    symptom="Every nightly mail twice.",
    fix="Run `celery beat` as a process of its own, exactly once, and the workers without -B.",
    url=f"{_BEAT}#starting-the-scheduler",
    mistake=_compose(("worker", f"{_WORKER} -B")),
    fixed=_compose(("worker", _WORKER), ("beat", "beat --schedule=/tmp/beat")),
    site="split",
)
def beat_inside(production: Production) -> Faults:
    for start in starts(production):
        if start.kind == "worker" and start.has_beat:
            several = start.replicas > 1
            many = f": {start.replicas} workers, {start.replicas} clocks" if several else ""
            yield Fault(
                f"This worker is the clock as well{many}",
                start.location,
                severity="error" if several else None,
            )
