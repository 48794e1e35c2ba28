"""Rules about Celery: where options may stand, and what only looks like a mistake."""

from __future__ import annotations

from celery_site import COMPOSE, compose
from clean_site import found, texts_of


def test_a_worker_may_wait_for_the_site() -> None:
    text = texts_of("split")[COMPOSE]
    assert not found("CEL029", {COMPOSE: text}, base="split")
    alone = text.replace("    stop_grace_period: 5m\n    depends_on: *needs\n", "")
    assert found("CEL029", {COMPOSE: alone}, base="split")


def test_a_redis_beside_the_brokers_may_evict() -> None:
    evicting = compose('"noeviction"', '"allkeys-lru"')
    assert found("CEL030", evicting, base="split")
    more = "  cache:\n    image: redis:7\n\n  redis:\n    image"
    two = f"{evicting[COMPOSE]}".replace("  redis:\n    image", more)
    assert not found("CEL030", {COMPOSE: two}, base="split")
