"""Probes: answered before host validation and the redirect to HTTPS."""

from django.core.cache import cache
from django.db import connection
from django.http import JsonResponse


class HealthMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.path == "/health/live":
            return JsonResponse({"status": "ok"})
        if request.path == "/health/":
            return self.ready()
        return self.get_response(request)

    def ready(self):
        failed = [name for name, ask in (("database", connection.ensure_connection), ("cache", self.ask_cache)) if not self.well(ask)]
        return JsonResponse({"failed": failed}, status=503 if failed else 200)

    @staticmethod
    def ask_cache():
        cache.get("health")

    @staticmethod
    def well(ask):
        try:
            ask()
        except Exception:
            return False
        return True
