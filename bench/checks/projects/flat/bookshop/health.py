"""Probes: answered before host validation and the redirect to HTTPS."""

from django.db import connection
from django.http import HttpResponse


class HealthMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.path == "/health/live":
            return HttpResponse("ok", content_type="text/plain")
        if request.path == "/health/":
            return self.ready()
        return self.get_response(request)

    def ready(self):
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
        except Exception:
            return HttpResponse("database", status=503, content_type="text/plain")
        return HttpResponse("ok", content_type="text/plain")
