"""GraphQL, Ninja, and the pages that describe an API."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.sources.python_file import PythonFile
from nuages.checks.topics.rest_framework.views import OPEN, default_permissions, names
from nuages.project.python_source import keyword, last_name, literal

_GRAPHQL = ("GraphQLView", "AsyncGraphQLView", "FileUploadGraphQLView")
_URLS = """\
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from graphene_django.views import GraphQLView

urlpatterns = [path("graphql/", {view})]
"""
_NINJA = """\
from ninja import NinjaAPI
from ninja.security import django_auth

from library.loans.models import Loan

api = NinjaAPI({auth})


@api.delete("/loans/{{number}}")
def remove(request, number: int):
    Loan.objects.filter(pk=number).delete()
"""
_DOCS = """\
from django.urls import path
from drf_spectacular.views import SpectacularAPIView

urlpatterns = [path("schema/", SpectacularAPIView.as_view())]
"""
_ASKS = ("request.user", "request.auth", "authenticat", "permission", "token", "secret", "sign")


@rule(
    "API023",
    severity="warning",
    title="GraphiQL is in production",
    why="A page to write queries in, with the whole schema beside it: whoever finds it knows every "
    "type, field and mutation, those too that no page of yours uses.",
    symptom="An editor at /graphql/, opened with a browser.",
    fix="`graphiql=settings.DEBUG`.",
    url="https://docs.graphene-python.org/projects/django/en/latest/installation/",
    mistake={
        "library/urls.py": _URLS.format(view="GraphQLView.as_view(graphiql=True, schema=None)")
    },
    fixed={"library/urls.py": _URLS.format(view="GraphQLView.as_view(schema=None)")},
    site="split",
)
def graphiql(production: Production) -> Faults:
    for file, call in _graphql(production):
        shown = keyword(call, "graphiql") or keyword(call, "graphql_ide")
        if isinstance(shown, ast.Constant) and shown.value:
            yield Fault("GraphiQL is served to everybody", file.at(shown))


def _graphql(production: Production) -> Iterator[tuple[PythonFile, ast.Call]]:
    """Calls of ``GraphQLView.as_view``."""
    for file in production.mentioning("GraphQLView"):
        for call in file.calls("as_view"):
            owner = call.func.value if isinstance(call.func, ast.Attribute) else None
            if owner is not None and last_name(owner) in _GRAPHQL:
                yield file, call


@rule(
    "API024",
    severity="warning",
    title="GraphQL trusts the session, and is exempt from CSRF",
    why="The session's cookie says who is asking, and a form on any foreign page can send it "
    "along: mutations in the name of whoever opens that page.",
    symptom="Changes that nobody made.",
    fix="Take `csrf_exempt` away and send the X-CSRFToken header; or let the API know its clients "
    "by tokens only.",
    url="https://docs.djangoproject.com/en/stable/howto/csrf/#using-csrf-protection-with-ajax",
    mistake={"library/urls.py": _URLS.format(view="csrf_exempt(GraphQLView.as_view(schema=None))")},
    fixed={"library/urls.py": _URLS.format(view="GraphQLView.as_view(schema=None)")},
    site="split",
)
def graphql_exempt(production: Production) -> Faults:
    middleware = "django.contrib.sessions.middleware.SessionMiddleware"
    if middleware not in production.settings.texts("MIDDLEWARE") or _knows_tokens(production):
        return
    for file, call in _graphql(production):
        for exempt in file.calls("csrf_exempt"):
            if call in ast.walk(exempt):
                yield Fault("GraphQL is exempt from CSRF, and knows sessions", file.at(exempt))


def _knows_tokens(production: Production) -> bool:
    packages = ("django-graphql-jwt", "django-graphql-auth", "strawberry-django-auth")
    backends = " ".join(production.settings.texts("AUTHENTICATION_BACKENDS")).lower()
    return production.has(*packages) or "jwt" in backends or "token" in backends


@rule(
    "API025",
    severity="error",
    title="A Ninja operation changes rows for everybody",
    why="Neither the API, nor its router, nor the operation says `auth`: whoever knows the address "
    "changes and deletes.",
    symptom="DELETE without a token is answered with 200, and the row is gone.",
    fix="`NinjaAPI(auth=django_auth)`, and `auth=None` on what is public.",
    url="https://django-ninja.dev/guides/authentication/",
    mistake={"library/loans/api.py": _NINJA.format(auth="")},
    fixed={"library/loans/api.py": _NINJA.format(auth="auth=django_auth")},
    site="split",
)
def ninja(production: Production) -> Faults:
    files = list(production.mentioning("ninja"))
    makers = ("NinjaAPI", "NinjaExtraAPI", "Router", "add_router")
    made = [call for file in files for call in file.calls(*makers)]
    guarded = any(keyword(call, "auth") or not _plain(call) for call in made)
    if guarded or not any(last_name(call.func).endswith("API") for call in made):
        return
    for file in files:
        for function in file.nodes(ast.FunctionDef):
            for call in function.decorator_list:
                if _changes(call) and not any(w in ast.unparse(function) for w in _ASKS):
                    yield Fault(f"{function.name} changes rows for everybody", file.at(function))


def _plain(call: ast.Call) -> bool:
    return all(each.arg is not None for each in call.keywords)


def _changes(call: ast.expr) -> bool:
    """``@api.delete("/…")`` without ``auth``."""
    verbs = ("put", "patch", "delete")
    if not isinstance(call, ast.Call) or last_name(call.func) not in verbs or not call.args:
        return False
    return (literal(call.args[0]) is not None) and keyword(call, "auth") is None and _plain(call)


@rule(
    "API026",
    severity="info",
    title="The description of a closed API is open",
    why="The API asks for an account, its schema does not: every address and every field can be "
    "read by whoever wonders where to begin.",
    symptom="/schema/ opens without a login.",
    fix="Set `SERVE_PERMISSIONS` in `SPECTACULAR_SETTINGS` to IsAdminUser, or leave the routes out "
    "in production.",
    url="https://drf-spectacular.readthedocs.io/en/latest/settings.html",
    mistake={"library/urls.py": _DOCS},
    fixed={
        "library/urls.py": _DOCS,
        "settings.py": 'SPECTACULAR_SETTINGS = {"SERVE_PERMISSIONS": '
        '["rest_framework.permissions.IsAdminUser"]}',
    },
    site="split",
)
def open_schema(production: Production) -> Faults:
    default = default_permissions(production)
    closed = default is not None and not set(default) <= OPEN
    # A word in the settings, whichever it is, was somebody's decision.
    said = production.settings.get("SPECTACULAR_SETTINGS", "SERVE_PERMISSIONS", default=()) != ()
    if not closed:
        return
    for file in production.mentioning("Spectacular", "drf_yasg"):
        for call in file.calls("as_view", "get_schema_view"):
            if _shows_schema(call, said):
                yield Fault("The API asks for an account, its schema for none", file.at(call))


def _shows_schema(call: ast.Call, decided: bool) -> bool:
    said = keyword(call, "permission_classes")
    if last_name(call.func) == "get_schema_view":
        public = keyword(call, "public")
        allowed = names(said) if said else None
        return (
            isinstance(public, ast.Constant) and public.value is True and allowed == ("AllowAny",)
        )
    owner = call.func.value if isinstance(call.func, ast.Attribute) else None
    schema = owner is not None and last_name(owner) == "SpectacularAPIView"
    return schema and said is None and not decided
