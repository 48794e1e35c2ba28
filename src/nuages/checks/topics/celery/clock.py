"""The clock, and the services around Celery."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.sources.compose import ComposeFile, ComposeService
from nuages.checks.topics.celery.options import Options, uses_celery
from nuages.checks.topics.celery.starts import Start, starts

_BEAT = "https://docs.celeryq.dev/en/stable/userguide/periodic-tasks.html"
_REDIS = "https://docs.celeryq.dev/en/stable/getting-started/backends-and-brokers/redis.html"
_COMPOSE = "docker-compose.production.yml"
_HEAD = """\
services:
  worker:
    image: library:1.2.3
    command: celery -A config.celery_app worker --concurrency=2
    mem_limit: 1g
    stop_grace_period: 6m
"""
_BEAT_SERVICE = """\
  beat:
    image: library:1.2.3
    command: celery -A config.celery_app beat{options}
    read_only: true
    tmpfs: [/tmp]
"""
_FLOWER = """\
  flower:
    image: library:1.2.3
    command: celery -A config.celery_app flower
    ports: ["{address}5555:5555"]
"""
_MIGRATE = """\
    depends_on: {depends}
  migrate:
    image: library:1.2.3
    command: python manage.py migrate --noinput
"""
_STORE = """\
  redis:
    image: redis:7.4
    command: redis-server --maxmemory 256mb --maxmemory-policy {policy}
"""


@rule(
    "CEL018",
    severity="error",
    title="The clock cannot write its file",
    why="beat keeps when each task last ran in `celerybeat-schedule`, in the folder it is started "
    "in. The container's files are read-only.",
    symptom="OSError: [Errno 30] Read-only file system: 'celerybeat-schedule'; beat restarts for "
    "ever.",
    fix="`--schedule=/tmp/celerybeat-schedule` with a tmpfs there, or django-celery-beat.",
    url=f"{_BEAT}#starting-the-scheduler",
    mistake={_COMPOSE: _HEAD + _BEAT_SERVICE.format(options="")},
    fixed={_COMPOSE: _HEAD + _BEAT_SERVICE.format(options=" -s /tmp/beat")},
    site="split",
)
def read_only(production: Production) -> Faults:
    options = Options(production)
    for start in starts(production):
        service = start.compose
        if (
            service is None
            or not (start.kind == "beat" or start.has_beat)
            or _stored(options, start)
        ):
            continue
        locked = service.yaml.get("read_only")
        path = start.option("s", "schedule") or options.value("beat_schedule_filename", default="")
        if locked and locked.text == "true" and path is not None and not _writable(service, path):
            written = path or "celerybeat-schedule"
            yield Fault(f"beat cannot write {written} on a read-only disk", start.location)


def _stored(options: Options, start: Start) -> bool:
    """Whether the schedule is kept in the database or in Redis."""
    return start.option("S", "scheduler") is not None or options.said("beat_scheduler")


def _writable(service: ComposeService, path: str) -> bool:
    mounts = [text.split(":")[1] for text, _ in service.texts("volumes") if ":" in text]
    mounts += [text.split(":")[0] for text, _ in service.texts("tmpfs")]
    single = service.yaml.get("tmpfs")
    mounts += [single.text] if single and single.text else []
    return any(mount and path.startswith(mount.rstrip("/") + "/") for mount in mounts)


@rule(
    "CEL019",
    severity="warning",
    title="Flower is open",
    why="Flower shows every task with its arguments, and lets whoever opens it stop workers and "
    "run tasks. It asks for no password unless it is told to.",
    symptom="A dashboard of your queue in a search engine.",
    fix="`celery flower --basic_auth=user:…` from a secret (FLOWER_BASIC_AUTH), and no published "
    "port.",
    url="https://flower.readthedocs.io/en/latest/auth.html",
    mistake={_COMPOSE: _HEAD + _FLOWER.format(address="")},
    fixed={_COMPOSE: _HEAD + _FLOWER.format(address="127.0.0.1:")},
    site="split",
)
def flower(production: Production) -> Faults:
    for start in starts(production):
        service = start.compose
        if start.kind != "flower" or service is None or re.search(r"auth", start.command):
            continue
        guarded = any("AUTH" in name for name in service.environment)
        for text, where in service.texts("ports"):
            if not guarded and not service.yaml.get("env_file") and not _local(text):
                yield Fault(f"Flower is published on {text}, with no password", where)


def _local(port: str) -> bool:
    return port.startswith(("127.", "localhost", "[::1]"))


@rule(
    "CEL029",
    severity="warning",
    title="The worker starts before the tables are there",
    why="The site waits for the migrations, the worker does not: with a release that adds a "
    "column it takes tasks that ask for it, and each of them fails.",
    symptom="ProgrammingError: column does not exist, in the worker's log, during releases.",
    fix="`depends_on: {migrate: {condition: service_completed_successfully}}`.",
    url="https://docs.docker.com/compose/how-tos/startup-order/",
    mistake={_COMPOSE: _HEAD + _MIGRATE.format(depends="[]")},
    fixed={
        _COMPOSE: _HEAD
        + _MIGRATE.format(depends="{migrate: {condition: service_completed_successfully}}")
    },
    site="split",
)
def unmigrated(production: Production) -> Faults:
    migrates = re.compile(r"\bmigrate\b(?!.*\b(?:gunicorn|uvicorn|celery|runserver)\b)")
    for compose in production.compose_files:
        jobs = {each.name for each in compose.services if migrates.search(each.command)}
        for start in _started(production, compose) if jobs else ():
            named = start.compose.yaml.get("depends_on") if start.compose else None
            waited = {name for name, _ in named.items()} if named else set()
            waited |= {item.text for item in named.list()} if named else set()
            if not waited & jobs and not _waits_for_web(compose, waited):
                job = sorted(jobs)[0]
                yield Fault(f"The {start.kind} does not wait for {job}", start.location)


def _started(production: Production, compose: ComposeFile) -> Iterator[Start]:
    names = {each.name for each in compose.services}
    for start in starts(production):
        service = start.compose
        same = service is not None and service.name in names and service.yaml.path == compose.path
        if same and start.kind in {"worker", "beat"}:
            yield start


def _waits_for_web(compose: ComposeFile, waited: set[str]) -> bool:
    """Whether it waits for the site, which has waited itself."""
    return any(each.name in waited and _is_site(each) for each in compose.services)


def _is_site(service: ComposeService) -> bool:
    server = re.search(r"python|gunicorn|uvicorn|daphne", service.command)
    return bool(service.yaml.get("ports") and (service.yaml.get("build") or server))


@rule(
    "CEL030",
    severity="error",
    title="The broker may throw tasks away",
    why="A Redis that is told to evict deletes keys when it is full, and the queue is a key like "
    "any other: all tasks that wait vanish at once.",
    symptom="Tasks that were queued and never ran, while memory was short.",
    fix="`--maxmemory-policy noeviction` for the broker, and a Redis of its own for the cache.",
    url=f"{_REDIS}#key-eviction",
    mistake={_COMPOSE: _HEAD + _STORE.format(policy="allkeys-lru")},
    fixed={_COMPOSE: _HEAD + _STORE.format(policy="noeviction")},
    site="split",
)
def evicted(production: Production) -> Faults:
    if not uses_celery(production):
        return
    policy = re.compile(r"maxmemory-policy[\s=]+((?:allkeys|volatile)-\w+)")
    for compose in production.compose_files:
        stores = [s for s in compose.services if re.search(r"(?:redis|valkey)[^/]*$", s.image)]
        for store in stores if len(stores) == 1 else ():
            found = policy.search(store.command)
            volatile = found is not None and found[1].startswith("volatile")
            if found and not volatile and _starts_celery(production, compose):
                message = f"{found[1]} lets {store.name}, the only Redis, delete the queue"
                yield Fault(message, store.at("command"))


def _starts_celery(production: Production, compose: ComposeFile) -> bool:
    return any(True for _ in _started(production, compose))


@rule(
    "CEL035",
    severity="info",
    title="The queue is gone with its container",
    why="The tasks that wait are in this Redis, and it keeps its files nowhere: with the next "
    "version of its image, or the next `docker compose down`, they are gone.",
    symptom="Tasks that were queued before a deployment and never ran.",
    fix='Give it a volume: `volumes: ["redis:/data"]`, and `--appendonly yes`.',
    url="https://redis.io/docs/latest/operate/oss_and_stack/management/persistence/",
    mistake={_COMPOSE: _HEAD + _STORE.format(policy="noeviction")},
    fixed={_COMPOSE: _HEAD + _STORE.format(policy="noeviction") + '    volumes: ["redis:/data"]\n'},
    site="split",
)
def forgotten(production: Production) -> Faults:
    if not uses_celery(production):
        return
    for compose in production.compose_files:
        stores = [s for s in compose.services if re.search(r"(?:redis|valkey)[^/]*$", s.image)]
        bare = len(stores) == 1 and not stores[0].yaml.get("volumes")
        if bare and _starts_celery(production, compose):
            message = f"{stores[0].name} holds the queue, and has no volume"
            yield Fault(message, stores[0].key)
