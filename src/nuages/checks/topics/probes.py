"""Probes: what a load balancer asks, and whether the answer says what it should."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.text import Location

_YAML = """\
domain: shop.example.com
deployment:
  health_check:
    path: {path}
    live_path: {live}
env_vars:
  AWS_STORAGE_BUCKET_NAME: uploads
"""
_HEALTH = re.compile(r"health|livez|readyz|/live\b|/ready\b|ping|heartbeat|status", re.IGNORECASE)
_ROUTE = re.compile(
    r"""["'^/](?:[\w-]+/)*(?:\w*health\w*|livez?|readyz?|ping|heartbeat|status)/?["'$?]"""
    r"|health_check\.urls|watchman\.urls",
    re.IGNORECASE,
)
_PROBE = re.compile(
    r"https?://(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\])(?::[\w${}:-]+)?(?P<path>/[\w./-]*)"
)
_DATABASE = ("cursor", "ensure_connection", "objects", "connections")


def _paths(production: Production) -> tuple[str, ...]:
    return tuple(fact.value for fact in production.project.health_endpoints)


def _probed(production: Production) -> Iterator[tuple[str, Location]]:
    """Paths that images, compose files and nuages.yaml have probed."""
    for file in production.dockerfiles:
        check = file.last("HEALTHCHECK")
        found = _PROBE.search(check.command) if check else None
        if check and found:
            yield found["path"], check.location
    for compose in production.compose_files:
        for service in compose.services:
            test = service.yaml.get("healthcheck", "test")
            found = _PROBE.search(test.text) if test else None
            if test and found:
                yield found["path"], service.at("healthcheck", "test")
    for key in ("path", "live_path"):
        where = production.config.location(
            "deployment", "health_check", key, environment=production.environment
        )
        probe = production.deployment.web.readiness if key == "path" else None
        probe = production.deployment.web.liveness if key == "live_path" else probe
        if where.line and probe:
            yield probe.path, where


def _answered(production: Production, path: str) -> bool | None:
    """Whether some URL of the project is this path; None where that cannot be told."""
    urls = [fact.value for fact in production.project.urls]
    known = {url.strip("/") for url in (*urls, *_paths(production))}
    if path.strip("/") in known or path == "/":
        return True
    words = [word for word in path.strip("/").split("/") if word]
    route = re.compile(rf"[\"'/^]{re.escape(words[-1])}\b")
    mentioned = any(route.search(file.text) for file in production.mentioning(words[-1]))
    return None if mentioned else False


@rule(
    "PRO001",
    severity="warning",
    title="Nothing answers a probe",
    why="Without a URL for it a load balancer asks for a page: it meets the redirect to https, the "
    "check of the Host header or the login, and takes a healthy instance for a sick one.",
    symptom="Targets unhealthy with 301, 302 or 400; a rollout that never ends.",
    fix="Add `/health/live` (this process) and `/health/` (database, cache, migrations); "
    "`nuages render` brings both.",
    url="https://docs.djangoproject.com/en/stable/topics/security/#host-header-validation",
    mistake={"shop/urls.py": "urlpatterns = []\n"},
    fixed={
        "shop/urls.py": "from django.http import HttpResponse\nfrom django.urls import path\n\n"
        "urlpatterns = [path('health/', lambda request: HttpResponse('ok'))]\n"
    },
    repaired_by="health",
)
def no_endpoint(production: Production) -> Faults:
    if _paths(production):
        return
    for file in production.mentioning("urlpatterns", "get_response", "process_request"):
        if _ROUTE.search(file.text):
            return
    if production.settings.has_app("health_check", "watchman", "alive", "django_alive"):
        return
    root = production.settings.get("ROOT_URLCONF")
    path = f"{str(root).replace('.', '/')}.py"
    where = next((p for p in production.code if p.endswith(path)), production.settings.path)
    yield Fault("No URL of the project is for probes", Location(where, 1))


@rule(
    "PRO002",
    severity="error",
    title="The probe asks for a path that does not exist",
    why="A 404 counts as sick: the release never becomes ready, or every instance is restarted "
    "again and again.",
    symptom="The release hangs until its deadline; 404 of the probe in the log.",
    fix="Name a path that the URLs have.",
    url="https://docs.docker.com/reference/dockerfile/#healthcheck",
    mistake={"nuages.yaml": _YAML.format(path="/healthz", live="/health/live")},
    fixed={"nuages.yaml": _YAML.format(path="/health/", live="/health/live")},
)
def wrong_path(production: Production) -> Faults:
    overlay = production.deployment.overlay
    web = production.deployment.web
    generated = {probe.path for probe in (web.liveness, web.readiness) if probe}
    for path, where in _probed(production):
        if overlay is not None and overlay.health and path in generated and "nuages" in where.path:
            continue
        if _answered(production, path) is False:
            yield Fault(f"No URL of the project is {path}", where)


@rule(
    "PRO003",
    severity="warning",
    title="The probe meets the redirect to https",
    why="A probe comes in plain http and without X-Forwarded-Proto. With SECURE_SSL_REDIRECT it is "
    "answered with a redirect to a name that may not even exist.",
    symptom="Health check failed: 301; SSL errors of the probe.",
    fix='Exempt the paths: `SECURE_REDIRECT_EXEMPT = [r"^health/"]`.',
    url="https://docs.djangoproject.com/en/stable/ref/settings/#secure-redirect-exempt",
    mistake={"settings.py": "SECURE_REDIRECT_EXEMPT = []"},
    fixed={"settings.py": "SECURE_SSL_REDIRECT = False"},
    repaired_by="health",
)
def redirected(production: Production) -> Faults:
    settings = production.settings
    if settings.get("SECURE_SSL_REDIRECT", default=False) is not True or _early(production):
        return
    if not settings.complete("SECURE_REDIRECT_EXEMPT"):
        return
    exempt = settings.texts("SECURE_REDIRECT_EXEMPT")
    for path in _paths(production):
        if not any(_matches(pattern, path.lstrip("/")) for pattern in exempt):
            name = "SECURE_REDIRECT_EXEMPT" if exempt else "SECURE_SSL_REDIRECT"
            yield Fault(f"A probe of {path} in plain http is redirected", settings.at(name))
            return


def _matches(pattern: str, path: str) -> bool:
    try:
        return re.search(pattern, path) is not None
    except re.error:
        return True


def _early(production: Production) -> bool:
    """Whether a middleware of the project's own stands before SecurityMiddleware."""
    listed = production.settings.texts("MIDDLEWARE")
    own = [name for name in listed if not name.startswith("django.")]
    security = "django.middleware.security.SecurityMiddleware"
    before = listed[: listed.index(security)] if security in listed else listed
    return any(_HEALTH.search(name) for name in own if name in before) or not listed


@rule(
    "PRO004",
    severity="error",
    title="Whether the process lives depends on the database",
    why="A liveness probe that asks the database restarts every instance when the database is slow "
    "for a moment, and they all come back at once.",
    symptom="A short hiccup of the database becomes an outage; restart counts that jump together.",
    fix="Let liveness say that the process answers, and only readiness look at the database.",
    url="https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/",
    mistake={
        "shop/urls.py": "from django.db import connection\nfrom django.http import HttpResponse\n"
        "from django.urls import path\n\n\ndef live(request):\n    connection.cursor()\n"
        "    return HttpResponse('ok')\n\n\nurlpatterns = [path('health/live', live)]\n"
    },
    fixed={
        "shop/urls.py": "from django.http import HttpResponse\n"
        "from django.urls import path\n\n\ndef live(request):\n"
        "    return HttpResponse('ok')\n\n\nurlpatterns = [path('health/live', live)]\n"
    },
)
def liveness(production: Production) -> Faults:
    for file in production.mentioning("live", "Live"):
        for function in file.nodes(ast.FunctionDef):
            if re.search(r"(?:^|_)(?:live|liveness|livez|alive)(?:_|$)", function.name):
                names = {n.attr for n in ast.walk(function) if isinstance(n, ast.Attribute)}
                names |= {n.id for n in ast.walk(function) if isinstance(n, ast.Name)}
                if names & {*_DATABASE, "connection"}:
                    yield Fault(f"{function.name} asks the database", file.at(function))
    live, ready = production.deployment.web.liveness, production.deployment.web.readiness
    said = production.config.location(
        "deployment", "health_check", "live_path", environment=production.environment
    )
    if live and ready and said.line and live.path == ready.path:
        yield Fault(f"Liveness and readiness both ask for {live.path}", said, severity="warning")
