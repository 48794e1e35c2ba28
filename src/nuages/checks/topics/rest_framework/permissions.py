"""Who gets in: default permissions, and views that are open to more than they should be."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.sources.classes import Function
from nuages.checks.sources.python_file import PythonFile
from nuages.checks.topics.rest_framework.views import (
    OPEN,
    default_permissions,
    names,
    uses_rest_framework,
    views,
)
from nuages.project.python_source import last_name, literal

_GUIDE = "https://www.django-rest-framework.org/api-guide/permissions"
_VIEWSET = """\
from rest_framework import permissions, viewsets

from library.loans.models import Loan
from library.loans.views import LoanSerializer


class DeskViewSet(viewsets.ModelViewSet):
    queryset = Loan.objects.all()
    serializer_class = LoanSerializer
    permission_classes = [permissions.{permission}]
"""
_DECORATED = """\
from rest_framework.decorators import api_view, permission_classes
from rest_framework.permissions import IsAdminUser
from rest_framework.response import Response


{decorators}
def close(request):
    return Response()
"""
_ORDERS = ("@permission_classes([IsAdminUser])", '@api_view(["POST"])')
_CHANGES = {"PUT", "PATCH", "DELETE"}
_ASKS = ("request.user", "authenticat", "permission", "signature", "token", "secret", "hmac")
"""Words of a view that finds out by itself who is asking."""


_HARMLESS = ("api_view", "permission_classes", "parser_classes", "renderer_classes", "schema")


@rule(
    "API001",
    severity="warning",
    title="The API is open to everybody unless a view says otherwise",
    why="REST framework's default permission is AllowAny. The one view that forgets its "
    "permissions is open to the whole internet, and nothing ever fails because of it.",
    symptom="Strangers list, change and delete rows: 200 and 204 for requests without a token.",
    fix='Set `REST_FRAMEWORK["DEFAULT_PERMISSION_CLASSES"]` to '
    '`["rest_framework.permissions.IsAuthenticated"]`, and AllowAny on the views that are public.',
    url=f"{_GUIDE}/#setting-the-permission-policy",
    mistake={
        "settings.py": 'REST_FRAMEWORK = {**REST_FRAMEWORK, "DEFAULT_PERMISSION_CLASSES": '
        '["rest_framework.permissions.AllowAny"]}'
    },
    fixed={
        "settings.py": 'REST_FRAMEWORK = {**REST_FRAMEWORK, "DEFAULT_PERMISSION_CLASSES": '
        '["rest_framework.permissions.IsAdminUser"]}'
    },
    site="split",
)
def open_by_default(production: Production) -> Faults:
    default = default_permissions(production)
    if default is None or not set(default) <= OPEN or not uses_rest_framework(production):
        return
    settings = production.settings
    key = ("REST_FRAMEWORK", "DEFAULT_PERMISSION_CLASSES")
    said = isinstance(settings.get(*key), list | tuple)
    known = list(views(production))
    relying = [view for view in known if view.says is None and view.permissions is not None]
    if not relying and not (said and known):
        return
    what = "is AllowAny" if said else "is not set, which means AllowAny"
    example = "".join(f": {v.own.name} at {v.own.location} relies on it" for v in relying[:1])
    message = f"The default permission {what}{example}"
    changing = any({"update", "destroy"} & view.does for view in relying)
    yield Fault(message, settings.at(*key), severity="error" if changing else None)


@rule(
    "API002",
    severity="error",
    title="Anybody may change or delete rows",
    why="The view changes or deletes what it is asked to, and asks nobody for an account.",
    symptom="DELETE without a token is answered with 204, and the row is gone.",
    fix="Give the view `permission_classes = [IsAuthenticated]`, and its `get_queryset` only the "
    "rows of `self.request.user`; or take ReadOnlyModelViewSet.",
    url=f"{_GUIDE}/#api-reference",
    mistake={"library/loans/api.py": _VIEWSET.format(permission="AllowAny")},
    fixed={"library/loans/api.py": _VIEWSET.format(permission="IsAdminUser")},
    site="split",
)
def open_to_changes(production: Production) -> Faults:
    for view in views(production):
        changes = {"update": "changes", "destroy": "deletes"}
        does = [word for action, word in changes.items() if action in view.does]
        if view.open and does:
            how = "by its permission_classes" if view.says else "by default"
            message = f"{view.own.name} {' and '.join(does)} for everybody, {how}"
            yield Fault(message, view.location)
    yield from _open_functions(production)


def _open_functions(production: Production) -> Faults:
    default = default_permissions(production)
    for file, function, decorators in _api_views(production):
        call = decorators.get("api_view")
        listed = call.args[0] if isinstance(call, ast.Call) and call.args else None
        methods = {literal(each) or "" for each in getattr(listed, "elts", ())} & _CHANGES
        own = decorators.get("permission_classes")
        said = own.args[0] if isinstance(own, ast.Call) and own.args else None
        allowed = names(said) if said else default
        if methods and allowed is not None and set(allowed) <= OPEN and not _asks(function):
            what = ", ".join(sorted(methods))
            yield Fault(f"{function.name} takes {what} from everybody", file.at(function))


def _api_views(
    production: Production,
) -> Iterator[tuple[PythonFile, Function, dict[str, ast.expr]]]:
    """Functions that ``@api_view`` makes views, with their decorators by name, the first first."""
    for file in production.mentioning("api_view"):
        functions: list[Function] = [*file.nodes(ast.FunctionDef)]
        for function in functions:
            decorators = {
                last_name(d.func if isinstance(d, ast.Call) else d): d
                for d in function.decorator_list
            }
            if "api_view" in decorators:
                yield file, function, decorators


def _asks(function: Function) -> bool:
    """Whether it finds out who is asking, or another decorator may."""
    known = (
        "api_view",
        "permission_classes",
        "parser_classes",
        "renderer_classes",
        "extend_schema",
    )
    others = [d for d in function.decorator_list if not _named(d, known)]
    text = "".join(ast.unparse(statement) for statement in function.body).lower()
    return bool(others) or any(word in text for word in _ASKS)


def _named(decorator: ast.expr, known: tuple[str, ...]) -> bool:
    func = decorator.func if isinstance(decorator, ast.Call) else decorator
    return last_name(func) in known


@rule(
    "API003",
    severity="error",
    title="Decorators above @api_view do nothing",
    why="They mark the function that api_view has already made a view of: the view never learns "
    "of them. Where REST framework is newer, the import ends with a TypeError instead.",
    symptom="A view for administrators that answers everybody; TypeError: @permission_classes "
    "must come after (below) the @api_view decorator.",
    fix="Put `@api_view` first, above all others.",
    url="https://www.django-rest-framework.org/api-guide/views/#api-policy-decorators",
    mistake={"library/loans/api.py": _DECORATED.format(decorators="\n".join(_ORDERS))},
    fixed={"library/loans/api.py": _DECORATED.format(decorators="\n".join(reversed(_ORDERS)))},
    site="split",
)
def misplaced(production: Production) -> Faults:
    policies = ("permission_classes", "authentication_classes", "throttle_classes")
    for file, function, decorators in _api_views(production):
        order = list(decorators)
        for name in order[: order.index("api_view")]:
            if name in policies:
                message = f"@{name} above @api_view: {function.name} does not know of it"
                yield Fault(message, file.at(decorators[name]))
