"""Probes, answered before host validation and the redirect to https.

A load balancer asks by address and in plain http; whoever asks learns names and nothing else.
"""

from collections.abc import Callable
from typing import Any

from asgiref.sync import iscoroutinefunction, sync_to_async
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.decorators import sync_and_async_middleware

_passed: set[str] = set()


@sync_and_async_middleware
def HealthMiddleware(get_response: Callable[[HttpRequest], Any]) -> Callable[..., Any]:
    if iscoroutinefunction(get_response):

        async def asynchronous(request: HttpRequest) -> HttpResponse:
            return await sync_to_async(health)(request) or await get_response(request)

        return asynchronous
    return lambda request: health(request) or get_response(request)


def health(request: HttpRequest) -> HttpResponse | None:
    """Alive: this process answers. Well: so does everything that it needs."""
    if request.path_info == "/health/live":
        return _answer({})
    if request.path_info == "/health/":
        return _answer({name: _passes(check) for name, check in CHECKS.items()})
    return None


def _answer(checks: dict[str, bool]) -> HttpResponse:
    healthy = all(checks.values())
    body: dict[str, Any] = {"status": "ok" if healthy else "error"}
    if checks:
        body["checks"] = {name: "ok" if passed else "error" for name, passed in checks.items()}
    headers = {"Cache-Control": "no-store"}
    return JsonResponse(body, status=200 if healthy else 503, headers=headers)


def _passes(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except Exception:  # whatever is wrong, a probe gets its answer
        return False


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return cursor.fetchone() == (1,)
    except Exception:
        connection.close()  # the next probe begins with a new connection
        raise


def _cache() -> bool:
    cache.set("health", "ok", 10)
    return cache.get("health") == "ok"


def _storage() -> bool:
    """A file can be put and taken away; asked until it could, as each time costs a request."""
    if "storage" not in _passed:
        default_storage.delete(default_storage.save("health/probe.txt", ContentFile(b"ok")))
        _passed.add("storage")
    return True


def _migrations() -> bool:
    """Once every migration of this code is applied it stays so: then nobody needs to look."""
    if "migrations" not in _passed:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return False
        _passed.add("migrations")
    return True


CHECKS = {
    "database": _database,
    "cache": _cache,
    "storage": _storage,
    "migrations": _migrations,
}
