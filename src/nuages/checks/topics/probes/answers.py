"""Which paths are probed, and what answers there."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.sources.python_file import PythonFile
from nuages.project.python_source import last_name
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
_PANEL = (
    "from django.contrib.auth.decorators import login_required\n"
    "from django.http import HttpResponse\nfrom django.urls import path\n\n\n"
    "@login_required\ndef panel(request):\n    return HttpResponse('panel')\n\n\n"
    "def live(request):\n    return HttpResponse('ok')\n\n\n"
    "urlpatterns = [path('panel/', panel), path('health/live', live)]\n"
)
_HEALTH = re.compile(r"health|livez|readyz|/live\b|/ready\b|ping|heartbeat|status", re.IGNORECASE)
_ROUTE = re.compile(
    r"""["'^/](?:[\w-]+/)*(?:\w*health\w*|livez?|readyz?|ping|heartbeat|status)/?["'$?]"""
    r"|health_check\.urls|watchman\.urls",
    re.IGNORECASE,
)
_PROBE = re.compile(
    r"https?://(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\])(?::[\w${}:-]+)?(?P<path>/[\w./-]*)"
)
_LIVE = re.compile(
    r"(?:(?:health|check|is|get|handle)_)*(?:live|liveness|livez|alive)"
    r"(?:_?(?:check|probe|view|health|status))*$"
)
_DATABASE = ("cursor", "ensure_connection", "objects", "connections", "connection")


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
        where = production.config_said("deployment", "health_check", key)
        probe = production.deployment.web.readiness if key == "path" else None
        probe = production.deployment.web.liveness if key == "live_path" else probe
        if where and probe:
            yield probe.path, where


def _answered(production: Production, path: str) -> bool | None:
    """Whether some URL of the project is this path; None where that cannot be told."""
    urls = [fact.value for fact in production.project.urls]
    known = {url.strip("/") for url in (*urls, *_paths(production))}
    if path.strip("/") in known or path == "/":
        return True
    words = [word for word in path.strip("/").split("/") if word]
    route = re.compile(rf"[\"'/^]{re.escape(words[-1])}/?(?:\\Z|[\"'$?\s])")
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
    repaired_by="health",
)
def wrong_path(production: Production) -> Faults:
    overlay = production.deployment.overlay
    web = production.deployment.web
    generated = {probe.path for probe in (web.liveness, web.readiness) if probe}
    for path, where in _probed(production):
        made = overlay is not None and overlay.health and path in generated
        if made and "nuages" in where.path and not _paths(production):
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
        asking = _asking(file)
        for function in file.nodes(ast.FunctionDef):
            if _LIVE.match(function.name) and function.name in asking:
                yield Fault(f"{function.name} asks the database", file.at(function))
        for branch in file.nodes(ast.If):
            path = _live_path(branch.test)
            if path and any(_mentioned(part) & {*_DATABASE, *asking} for part in branch.body):
                yield Fault(f"{path} is answered by asking the database", file.at(branch))
    live, ready = production.deployment.web.liveness, production.deployment.web.readiness
    said = production.config_said("deployment", "health_check", "live_path")
    if live and ready and said and live.path == ready.path:
        yield Fault(f"Liveness and readiness both ask for {live.path}", said, severity="warning")


def _asking(file: PythonFile) -> set[str]:
    """The functions of a file that ask the database, themselves or by one another."""
    names = {each.name: _mentioned(each) - {each.name} for each in _functions(file)}
    asking = {name for name, inside in names.items() if inside & set(_DATABASE)}
    for _ in range(3):
        asking |= {name for name, inside in names.items() if inside & asking}
    return asking


def _functions(file: PythonFile) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [*file.nodes(ast.FunctionDef), *file.nodes(ast.AsyncFunctionDef)]


def _mentioned(node: ast.AST) -> set[str]:
    names = {n.attr for n in ast.walk(node) if isinstance(n, ast.Attribute)}
    return names | {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}


def _live_path(test: ast.expr) -> str:
    """The liveness probe's path, where a condition asks whether it is the one requested."""
    texts = [n.value for n in ast.walk(test) if isinstance(n, ast.Constant)]
    found = (t for t in texts if isinstance(t, str) and re.search(r"/(?:live|alive)", t))
    return next(found, "")


@rule(
    "PRO007",
    severity="error",
    title="The probe's page wants a login",
    why="A probe has no account: it is redirected to the login, or refused, and the platform takes "
    "the instance for a sick one.",
    symptom="Unhealthy: 302 Found to /accounts/login/.",
    fix="Probe a path that answers everybody: `/health/`.",
    url="https://docs.djangoproject.com/en/stable/topics/auth/default/#the-login-required-decorator",
    mistake={
        "nuages.yaml": _YAML.format(path="/panel/", live="/health/live"),
        "shop/urls.py": _PANEL,
    },
    fixed={
        "nuages.yaml": _YAML.format(path="/panel/", live="/health/live"),
        "shop/urls.py": _PANEL.replace("@login_required\n", ""),
    },
)
def behind_login(production: Production) -> Faults:
    for path, where in _probed(production):
        for fact in production.project.urls:
            if fact.value.strip("/") == path.strip("/"):
                place = fact.evidence[0].location
                guard = _guard(production, production.python(place.path), place.line)
                if guard:
                    yield Fault(f"{path} is the page of {guard}", where)


def _guard(production: Production, file: PythonFile, line: int) -> str | None:
    """What makes the view of a route ask for a login, in the words of the project."""
    for call in file.calls("path", "re_path", "url"):
        if call.lineno <= line <= (call.end_lineno or line) and len(call.args) > 1:
            view = call.args[1]
            if isinstance(view, ast.Call) and last_name(view.func) in _GUARDS:
                return f"{last_name(view.func)}(…)"
            named = view.func if isinstance(view, ast.Call) else view
            name = last_name(named.value if last_name(named) == "as_view" else named)  # type: ignore[attr-defined]
            return _guarded(production, name)
    return None


def _guarded(production: Production, name: str) -> str | None:
    for file in production.mentioning(f"def {name}(", f"class {name}("):
        for each in _functions(file):
            marks = [d.func if isinstance(d, ast.Call) else d for d in each.decorator_list]
            if each.name == name and any(last_name(mark) in _GUARDS for mark in marks):
                return f"{name}, which is behind a login"
        for kind in file.nodes(ast.ClassDef):
            if kind.name == name and any(last_name(b) in _MIXINS for b in kind.bases):
                return f"{name}, which is behind a login"
    return None


_GUARDS = {"login_required", "permission_required", "staff_member_required", "user_passes_test"}
_MIXINS = {"LoginRequiredMixin", "PermissionRequiredMixin", "UserPassesTestMixin"}
