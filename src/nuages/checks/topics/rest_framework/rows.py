"""Which rows an account may see and change: its own, or everybody's."""

from __future__ import annotations

import ast

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.sources.classes import OwnClass
from nuages.checks.topics.rest_framework.views import (
    ANY_ACCOUNT,
    WORDS,
    View,
    bases,
    is_user,
    views,
)
from nuages.project.python_source import last_name

_FILTERING = "https://www.django-rest-framework.org/api-guide/filtering"
_GUIDE = "https://www.django-rest-framework.org/api-guide/permissions"
_USERS = """\
from django.contrib.auth.models import User
from rest_framework import permissions, serializers, viewsets


class AccountSerializer(serializers.ModelSerializer):
    class Meta:
        model = User
        fields = ["username", "email"]


class AccountViewSet(viewsets.ModelViewSet):
    queryset = User.objects.all()
    serializer_class = AccountSerializer
    permission_classes = [permissions.{permission}]
"""
_LOANS = """\
from rest_framework import permissions, viewsets

from library.loans.models import Loan
from library.loans.views import LoanSerializer


class IsReader(permissions.BasePermission):
    def has_object_permission(self, request, view, obj):
        return obj.reader == request.user


class DeskViewSet(viewsets.ModelViewSet):
    {rows}
    serializer_class = LoanSerializer
    permission_classes = [permissions.IsAuthenticated{more}]

    def perform_create(self, serializer):
        serializer.save(reader=self.request.user)
"""
_ALL = "queryset = Loan.objects.all()"
_OWN = "def get_queryset(self):\n        return Loan.objects.filter(reader=self.request.user)"
_GET = """\
from django.shortcuts import get_object_or_404
from rest_framework import generics, permissions

from library.loans.models import Loan
from library.loans.views import LoanSerializer


class IsReader(permissions.BasePermission):
    def has_object_permission(self, request, view, obj):
        return obj.reader == request.user


class LoanView(generics.RetrieveUpdateAPIView):
    serializer_class = LoanSerializer
    permission_classes = [permissions.IsAuthenticated, IsReader]

    def get_object(self):
        loan = get_object_or_404(Loan, pk=self.kwargs["pk"])
{check}        return loan
"""


@rule(
    "API004",
    severity="error",
    title="Accounts are open to every account",
    why="To be logged in is all that is asked, and the rows are all accounts: whoever signs up "
    "reads every name and address, and changes or deletes whom it likes.",
    symptom="PUT /users/1/ by another account changes the administrator's address, and a reset "
    "of the password does the rest.",
    fix="Let `get_queryset` return only `self.request.user`'s row, or ask for IsAdminUser.",
    url=f"{_FILTERING}/#filtering-against-the-current-user",
    mistake={"library/loans/api.py": _USERS.format(permission="IsAuthenticated")},
    fixed={"library/loans/api.py": _USERS.format(permission="IsAdminUser")},
    site="split",
)
def accounts(production: Production) -> Faults:
    for view in views(production):
        if not is_user(production, view.model) or not _any_account(view):
            continue
        changes = {"update", "destroy"} & view.does
        if changes or "list" in view.does:
            who = "everybody" if view.open else "every account"
            what = "change" if changes else "list"
            message = f"{view.own.name} lets {who} {what} all accounts"
            yield Fault(message, view.own.location, severity=None if changes else "warning")


def _any_account(view: View) -> bool:
    return view.permissions is not None and set(view.permissions) <= ANY_ACCOUNT


@rule(
    "API005",
    severity="warning",
    title="Rows that belong to one account are open to every account",
    why="A new row is given to who makes it, but the queryset is everybody's: any account reads "
    "the others' rows, and changes and deletes them by counting up the number in the address.",
    symptom="Another customer's order at /orders/41/ (IDOR, broken object level authorization).",
    fix="Let `get_queryset` return `Model.objects.filter(owner=self.request.user)`.",
    url=f"{_FILTERING}/#filtering-against-the-current-user",
    mistake={"library/loans/api.py": _LOANS.format(rows=_ALL, more="")},
    fixed={"library/loans/api.py": _LOANS.format(rows=_OWN, more="")},
    site="split",
)
def rows_of_others(production: Production) -> Faults:
    for view in views(production):
        closed = _any_account(view) and not view.open
        changes = {"update", "destroy"} & view.does
        create = view.own.methods.get("perform_create") or view.own.methods.get("create")
        owned = create is not None and "self.request.user" in ast.unparse(create)
        if closed and changes and owned and view.model and not is_user(production, view.model):
            model = last_name(view.model)
            message = f"{view.own.name} lets every account change any {model}, not only its own"
            yield Fault(message, view.own.location)


@rule(
    "API006",
    severity="error",
    title="A permission for single objects does not guard the list",
    why="has_object_permission is asked when one object is fetched, and never for a list: the "
    "list answers with everybody's rows.",
    symptom="403 for /loans/41/, and the same loan in /loans/.",
    fix="Let `get_queryset` return only the rows of `self.request.user`.",
    url=f"{_GUIDE}/#limitations-of-object-level-permissions",
    mistake={"library/loans/api.py": _LOANS.format(rows=_ALL, more=", IsReader")},
    fixed={"library/loans/api.py": _LOANS.format(rows=_OWN, more=", IsReader")},
    site="split",
)
def unguarded_list(production: Production) -> Faults:
    for view in views(production):
        guards = [name for name in _of_objects(production, view) if name]
        if guards and view.model is not None and "list" in view.does:
            model = last_name(view.model)
            message = f"{guards[0]} is not asked for the list of {view.own.name}: every {model}"
            yield Fault(message, view.own.location)


def _of_objects(production: Production, view: View) -> list[str]:
    """Own permissions that hide another account's objects; empty where another one guards too."""
    found = []
    for name in view.permissions or ():
        own = production.classes(*WORDS).find(name, view.own.file)
        if own is None and name not in ANY_ACCOUNT:
            return []
        if own is not None:
            if "has_permission" in own.methods or bases(own) != {"BasePermission"}:
                return []
            if _hides(own):
                found.append(name)
    return found


def _hides(permission: OwnClass) -> bool:
    """Whether reading is refused too, to any account but the object's own."""
    method = permission.methods.get("has_object_permission")
    text = ast.unparse(method) if method else ""
    exempt = ("SAFE_METHODS", "is_staff", "is_superuser", "request.method", "view.action")
    return "request.user" in text and not any(word in text for word in exempt)


@rule(
    "API007",
    severity="error",
    title="get_object forgets the object's permissions",
    why="has_object_permission is asked by REST framework's own get_object. One that is written "
    "anew, and does not ask, fetches anybody's object.",
    symptom="Another account's object at its number, with 200 instead of 403.",
    fix="Call `self.check_object_permissions(self.request, obj)` before returning it.",
    url=f"{_GUIDE}/#object-level-permissions",
    mistake={"library/loans/api.py": _GET.format(check="")},
    fixed={
        "library/loans/api.py": _GET.format(
            check="        self.check_object_permissions(self.request, loan)\n"
        )
    },
    site="split",
)
def forgotten_check(production: Production) -> Faults:
    for view in views(production):
        method = view.own.methods.get("get_object")
        text = ast.unparse(method) if method else ""
        safe = ("check_object_permissions", "super()", "request.user", "get_queryset")
        guards = _of_objects(production, view)
        if method and guards and not any(word in text for word in safe):
            message = f"get_object of {view.own.name} never asks {guards[0]}"
            yield Fault(message, view.own.place(method))
