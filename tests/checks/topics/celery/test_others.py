"""Rules about Celery: where options may stand, and what only looks like a mistake."""

from __future__ import annotations

import pytest
from celery_site import of
from clean_site import found


@pytest.mark.parametrize(
    "settings",
    [
        "RQ_QUEUES = {'default': {'HOST': 'redis', 'ASYNC': False}}",
        "Q_CLUSTER = {'name': 'shop', 'sync': True}",
        "DRAMATIQ_BROKER = {'BROKER': 'dramatiq.brokers.stub.StubBroker'}",
        "TASKS = {'default': {'BACKEND': 'django.tasks.backends.immediate.ImmediateBackend'}}",
    ],
)
def test_queues_that_are_none(settings: str) -> None:
    assert found("CEL027", {"settings.py": settings})


def test_a_prefix_keeps_cache_and_queue_apart() -> None:
    settings = (
        "CACHES = {'default': {'BACKEND': 'django.core.cache.backends.redis.RedisCache', "
        "'LOCATION': REDIS_URL, 'KEY_PREFIX': 'x'}}"
    )
    assert not of("CEL028", settings=settings)
    assert of("CEL028", settings=settings.replace(", 'KEY_PREFIX': 'x'", ""))
