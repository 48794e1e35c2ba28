"""Views and API classes that let requests of foreign pages through."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.sources.python_file import PythonFile
from nuages.project.python_source import last_name

_EXEMPT = "csrf_exempt"
_LOGGED_IN = ("login_required", "permission_required", "user_passes_test", "staff_member_required")
_MIXINS = ("LoginRequiredMixin", "PermissionRequiredMixin", "UserPassesTestMixin")
_VIEW = """\
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.views.decorators.csrf import {name}


@{name}
@login_required
def cancel(request):
    request.user.orders.all().delete()
    return HttpResponse()
"""
_FROM_SERVERS = re.compile(r"hook|callback|notif|ipn|complete|webhook|return|login|token|ping")
"""Views that other servers call, which have no token."""
Function = ast.FunctionDef | ast.AsyncFunctionDef


@rule(
    "SEC041",
    severity="warning",
    title="A view for logged-in visitors is exempt from CSRF",
    why="Its only proof of who asks is the session's cookie, and a form on any foreign page can "
    "send that along: it acts in the name of whoever opens the page.",
    symptom="Orders, deletions or changed addresses that nobody made.",
    fix="Remove `csrf_exempt`, and send the token: `{% csrf_token %}` or the X-CSRFToken header.",
    url="https://docs.djangoproject.com/en/stable/howto/csrf/",
    mistake={"orders/views.py": _VIEW.format(name="csrf_exempt")},
    fixed={"orders/views.py": _VIEW.format(name="csrf_protect")},
)
def exempt(production: Production) -> Faults:
    for file in production.mentioning(_EXEMPT):
        for node, name in _exempted(file):
            yield Fault(f"{name} trusts the session, and is exempt from CSRF", file.at(node))
    for file in production.mentioning("enforce_csrf"):
        for each in file.nodes(ast.FunctionDef):
            if each.name == "enforce_csrf" and _does_nothing(each):
                message = "An authentication by session that checks no CSRF token"
                yield Fault(message, file.at(each))


def _exempted(file: PythonFile) -> Iterator[tuple[ast.AST, str]]:
    functions: list[Function] = [*file.nodes(ast.FunctionDef), *file.nodes(ast.AsyncFunctionDef)]
    for function in functions:
        decorators = _decorators(function)
        if _EXEMPT in decorators and (decorators & set(_LOGGED_IN) or _uses_user(function)):
            yield function, function.name
    for node in file.nodes(ast.ClassDef):
        bases = {last_name(base) for base in node.bases}
        exempt = any(_EXEMPT in ast.dump(each) for each in node.decorator_list)
        if exempt and (bases & set(_MIXINS) or _decorators(node) & set(_LOGGED_IN)):
            yield node, node.name


def _decorators(node: Function | ast.ClassDef) -> set[str]:
    names = (inner for each in node.decorator_list for inner in ast.walk(each))
    return {last_name(name) for name in names} - {""}


def _uses_user(function: Function) -> bool:
    """Whether it asks who is logged in, and does not log in by itself."""
    if _FROM_SERVERS.search(function.name):
        return False
    logs_in = any(
        isinstance(node, ast.Call) and last_name(node.func) in {"login", "authenticate"}
        for node in ast.walk(function)
    )
    return not logs_in and any(
        isinstance(node, ast.Attribute)
        and node.attr == "user"
        and isinstance(node.value, ast.Name)
        and node.value.id == "request"
        for node in ast.walk(function)
    )


def _does_nothing(function: ast.FunctionDef) -> bool:
    return all(
        isinstance(node, ast.Pass | ast.Return | ast.Expr)
        and not any(isinstance(inner, ast.Call) for inner in ast.walk(node))
        for node in function.body
    )
