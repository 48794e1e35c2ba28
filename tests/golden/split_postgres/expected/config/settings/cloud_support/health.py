"""Probes, answered before host validation and the redirect to https.

A load balancer asks by address and in plain http; whoever asks learns names and nothing else.
"""

from django.core.cache import caches
from django.db import connections
from django.http import JsonResponse

from .middleware import answering

LIVE = "/health/live"
READY = "/health/"
_migrated = []


def health(request):
    """``LIVE``: this process answers. ``READY``: so does everything that it needs."""
    checks = {} if request.path_info == LIVE else _checks()
    healthy = all(checks.values())
    body = {"status": "ok" if healthy else "error"}
    if checks:
        body["checks"] = {name: "ok" if passed else "error" for name, passed in checks.items()}
    response = JsonResponse(body, status=200 if healthy else 503)
    response["Cache-Control"] = "no-store"
    return response


def _checks():
    checks = {"database:" + alias: _passes(_query, alias) for alias in connections}
    checks["cache"] = _passes(_round_trip)
    checks["migrations"] = _passes(_all_applied)
    return checks


def _passes(check, *arguments):
    try:
        return check(*arguments) is not False
    except Exception:  # whatever is wrong, a probe gets its answer
        return False


def _query(alias):
    connection = connections[alias]
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    except Exception:
        connection.close()  # the next probe starts with a new connection
        raise


def _round_trip():
    cache = caches["default"]
    cache.set("health", "ok", 10)
    return "dummy" in type(cache).__module__ or cache.get("health") == "ok"


def _all_applied():
    """Once every migration of this code is applied it stays so: then nobody needs to look."""
    from django.db.migrations.executor import MigrationExecutor

    if not _migrated:
        executor = MigrationExecutor(connections["default"])
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return False
        _migrated.append(True)
    return True


HealthMiddleware = answering(lambda request: request.path_info in (LIVE, READY), health)
