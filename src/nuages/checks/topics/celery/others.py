"""Queues other than Celery, and the Redis that queues share with the cache."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.topics.celery.options import Options, uses_celery
from nuages.text import Location


@rule(
    "CEL027",
    severity="error",
    title="The queue does its work inside the request",
    why="A switch for tests and development is on: jobs run at once in the web process instead "
    "of in a worker, and one that fails takes the page with it.",
    symptom="Pages that take as long as the job; workers that idle.",
    fix="Take it out of production's settings.",
    url="https://huey.readthedocs.io/en/latest/guide.html#immediate-mode",
    mistake={"settings.py": "HUEY = {'huey_class': 'huey.RedisHuey', 'immediate': True}"},
    fixed={"settings.py": "HUEY = {'huey_class': 'huey.RedisHuey', 'immediate': False}"},
)
def immediate(production: Production) -> Faults:
    for what, where in _immediate(production):
        yield Fault(f"{what}: jobs run in the web process", where)


def _immediate(production: Production) -> Iterator[tuple[str, Location]]:
    settings = production.settings
    if settings.get("HUEY", "immediate") is True:
        yield "HUEY is immediate", settings.at("HUEY", "immediate")
    if settings.get("Q_CLUSTER", "sync") is True:
        yield "Q_CLUSTER is sync", settings.at("Q_CLUSTER", "sync")
    for name, queue in _dicts(settings.get("RQ_QUEUES")):
        if queue.get("ASYNC") is False or queue.get("IS_ASYNC") is False:
            yield f"RQ_QUEUES[{name!r}] is not asynchronous", settings.at("RQ_QUEUES", name)
    if "StubBroker" in str(settings.get("DRAMATIQ_BROKER", "BROKER", default="")):
        yield "DRAMATIQ_BROKER is the stub", settings.at("DRAMATIQ_BROKER", "BROKER")
    for name, backend in _dicts(settings.get("TASKS")):
        if str(backend.get("BACKEND")).endswith((".ImmediateBackend", ".DummyBackend")):
            yield f"TASKS[{name!r}] is {backend['BACKEND']}", settings.at("TASKS", name)


def _dicts(value: Any) -> list[tuple[str, dict[str, Any]]]:
    pairs = value.items() if isinstance(value, dict) else ()
    return [(str(name), each) for name, each in pairs if isinstance(each, dict)]


@rule(
    "CEL028",
    severity="warning",
    title="The cache and the queue are one Redis database",
    why="`cache.clear()` empties the whole database, and the tasks that wait with it; and where "
    "Redis throws away what is old when it is full, as a cache should, it throws away tasks.",
    symptom="Tasks that vanish after somebody cleared the cache.",
    fix="Give them a database each, `redis://…/0` and `redis://…/1`, or better a server each.",
    url="https://docs.djangoproject.com/en/stable/topics/cache/#basic-usage",
    mistake={
        "settings.py": "CACHES = {'default': {'LOCATION': REDIS_URL, "
        "'BACKEND': 'django.core.cache.backends.redis.RedisCache'}}"
    },
    fixed={
        "settings.py": "CACHES = {'default': {'LOCATION': REDIS_URL + '/1', "
        "'BACKEND': 'django.core.cache.backends.redis.RedisCache'}}"
    },
    site="split",
)
def shared(production: Production) -> Faults:
    options, settings = Options(production), production.settings
    broker = options.value("broker_url", default="") if uses_celery(production) else ""
    cache = settings.get("CACHES", "default")
    if not isinstance(broker, str) or not broker.startswith("redis") or not isinstance(cache, dict):
        return
    places = cache.get("LOCATION")
    listed = places if isinstance(places, list) else [places]
    if broker in listed and not cache.get("KEY_PREFIX"):
        message = "The cache and the queue are one Redis database"
        yield Fault(message, options.at("broker_url"))
