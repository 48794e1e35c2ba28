"""Probes: answered before host validation and the redirect to HTTPS."""

from asgiref.sync import iscoroutinefunction, markcoroutinefunction, sync_to_async
from django.db import connection
from django.http import HttpResponse


def database_answers():
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Exception:
        return False
    return True


class HealthMiddleware:
    async_capable = True
    sync_capable = False

    def __init__(self, get_response):
        self.get_response = get_response
        if iscoroutinefunction(get_response):
            markcoroutinefunction(self)

    async def __call__(self, request):
        if request.path == "/health/live":
            return HttpResponse("ok")
        if request.path == "/health/":
            well = await sync_to_async(database_answers)()
            return HttpResponse("ok" if well else "database", status=200 if well else 503)
        return await self.get_response(request)
