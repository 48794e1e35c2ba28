"""Which caches there are."""

from __future__ import annotations

from collections.abc import Iterator

from nuages.checks.production import Production

TOPIC = "https://docs.djangoproject.com/en/stable/topics/cache"
LOCMEM = "django.core.cache.backends.locmem.LocMemCache"
DUMMY = "django.core.cache.backends.dummy.DummyCache"


def caches(production: Production) -> Iterator[tuple[str, str]]:
    """Alias and back end of each cache that is known."""
    found = production.settings.get("CACHES")
    for alias in found if isinstance(found, dict) else ():
        backend = production.settings.get("CACHES", alias, "BACKEND")
        if isinstance(backend, str):
            yield alias, backend
