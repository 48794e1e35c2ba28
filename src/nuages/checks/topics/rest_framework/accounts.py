"""Accounts in an API: what is told of them, and what may be written."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.topics.rest_framework.serializers import (
    Serializer,
    of_accounts,
    serializers,
)
from nuages.checks.topics.rest_framework.views import (
    ANY_ACCOUNT,
    WORDS,
    View,
    bases,
    is_user,
    views,
)
from nuages.project.python_source import keyword, last_name, literal

_GUIDE = "https://www.django-rest-framework.org/api-guide/serializers"
_FLAGS = ("is_staff", "is_superuser", "user_permissions", "groups", "is_admin")
_HASHES = ("set_password", "make_password", "create_user", "create_superuser")
_ACCOUNT = """\
from django.contrib.auth.models import User
from rest_framework import generics, permissions, serializers


class AccountSerializer(serializers.ModelSerializer):
    class Meta:
        model = User
        fields = {fields}{more}{create}


class AccountView(generics.{view}):
    serializer_class = AccountSerializer
    permission_classes = [permissions.{permission}]

    def get_object(self):
        return self.request.user
"""
_CREATE = """

    def create(self, validated_data):
        return User.objects.create_user(**validated_data)"""
_WRITE_ONLY = '\n        extra_kwargs = {"password": {"write_only": True}}'
_DEPTH = """\
from rest_framework import serializers

from library.loans.models import Loan


class DeskSerializer(serializers.ModelSerializer):
    class Meta:
        model = Loan
        fields = ["id", "book", "reader"]{depth}
"""


def _account(
    fields: str,
    more: str = "",
    create: str = "",
    view: str = "RetrieveUpdateAPIView",
    permission: str = "IsAuthenticated",
) -> dict[str, str]:
    text = _ACCOUNT.format(
        fields=fields, more=more, create=create, view=view, permission=permission
    )
    return {"library/loans/api.py": text}


@rule(
    "API008",
    severity="error",
    title="A serializer of accounts has all fields",
    why="All fields of an account are its password's hash and the flags is_staff and is_superuser "
    "too: what reads it tells the hash, and what writes it makes anybody an administrator.",
    symptom='"password": "pbkdf2_sha256$…" in an answer; a PATCH of {"is_superuser": true} that '
    "is answered with 200.",
    fix='List the fields that the client needs: `fields = ["id", "username"]`.',
    url=f"{_GUIDE}/#specifying-which-fields-to-include",
    mistake=_account('"__all__"'),
    fixed=_account('["username", "email"]'),
    site="split",
)
def all_fields(production: Production) -> Faults:
    for serializer in of_accounts(production):
        told = not serializer.write_only("password") and not serializer.own.says("to_represent")
        excluded = serializer.texts("exclude")
        where = serializer.all_fields
        if excluded and "password" not in excluded and told:
            where = serializer.at("exclude")
        if where and (told or not serializer.read_only("is_superuser")):
            what = "the password's hash" if told else "is_superuser"
            yield Fault(f"{serializer.own.name} has every field of an account: {what} too", where)


@rule(
    "API009",
    severity="error",
    title="An account may make itself an administrator",
    why="A field that the serializer does not call read-only is written from the request. With "
    "is_staff among them, one PATCH is all that is between an account and the admin.",
    symptom='PATCH /me/ {"is_staff": true} is answered with 200 (mass assignment).',
    fix="Add it to `read_only_fields`, or leave it out.",
    url=f"{_GUIDE}/#specifying-read-only-fields",
    mistake=_account('["username", "is_staff"]'),
    fixed=_account('["username", "is_staff"]', '\n        read_only_fields = ["is_staff"]'),
    site="split",
)
def writable_flags(production: Production) -> Faults:
    for serializer in of_accounts(production):
        flags = [f for f in _FLAGS if f in serializer.fields and not serializer.read_only(f)]
        for view in _writers(production, serializer) if flags else ():
            message = f"{view.own.name} writes {' and '.join(flags)} as the request says"
            yield Fault(message, serializer.at())
            break


def _writers(production: Production, serializer: Serializer) -> Iterator[View]:
    """Views that write with it, for any account."""
    for view in views(production):
        writes = {"create", "update"} & view.does and view.own.says(serializer.own.name)
        allowed = view.permissions
        if writes and allowed is not None:
            usual = [name in ANY_ACCOUNT or _own(production, view, name) for name in allowed]
            if all(usual):
                yield view


def _own(production: Production, view: View, name: str) -> bool:
    """Whether it is a permission of the project's own that does not ask for administrators."""
    own = production.classes(*WORDS).find(name, view.own.file)
    words = ("is_staff", "is_superuser", "has_perm", "role", "admin", "Admin", "group")
    return own is not None and bases(own) <= {"BasePermission"} and not own.says(*words)


@rule(
    "API010",
    severity="error",
    title="The API tells password hashes",
    why="A field that is not write-only is part of every answer. The hash of a weak password is "
    "found in minutes, and the same password opens the person's other accounts.",
    symptom='"password": "pbkdf2_sha256$…" in an answer.',
    fix='`extra_kwargs = {"password": {"write_only": True}}`; `write_only_fields` does nothing '
    "since REST framework 3.2.",
    url=f"{_GUIDE}/#additional-keyword-arguments",
    mistake=_account('["username", "password"]', create=_CREATE, view="CreateAPIView"),
    fixed=_account('["username", "password"]', _WRITE_ONLY, _CREATE, "CreateAPIView"),
    site="split",
)
def hash_told(production: Production) -> Faults:
    for serializer in of_accounts(production):
        listed = "password" in serializer.fields and not serializer.write_only("password")
        if listed and not serializer.own.says("to_representation"):
            message = f"{serializer.own.name} answers with the password's hash"
            yield Fault(message, serializer.at())


@rule(
    "API011",
    severity="error",
    title="Passwords are stored as they are typed",
    why="A model serializer writes the password into its column as it came. Nobody can log in "
    "with it, and whoever sees the database or a backup reads it.",
    symptom="A new account cannot log in; Invalid password format or unknown hashing algorithm "
    "in the admin.",
    fix="Write `create`: `return User.objects.create_user(**validated_data)`.",
    url="https://docs.djangoproject.com/en/stable/topics/auth/default/#creating-users",
    mistake=_account('["username", "password"]', _WRITE_ONLY, view="CreateAPIView"),
    fixed=_account('["username", "password"]', _WRITE_ONLY, _CREATE, "CreateAPIView"),
    site="split",
)
def plain_passwords(production: Production) -> Faults:
    for serializer in of_accounts(production):
        if "password" not in serializer.fields or serializer.read_only("password"):
            continue
        writers = [
            view
            for view in views(production)
            if {"create", "update"} & view.does and view.own.says(serializer.own.name)
        ]
        hashed = any(each.says(*_HASHES) for each in (serializer.own, *(v.own for v in writers)))
        if writers and not hashed and not _saved_elsewhere(production, serializer):
            message = (
                f"{serializer.own.name} stores the password that {writers[0].own.name} is sent"
            )
            yield Fault(message, serializer.at())


def _saved_elsewhere(production: Production, serializer: Serializer) -> bool:
    """Whether the model, or the file, hashes it."""
    texts = (file.text for file in production.mentioning("set_password", "make_password"))
    hooks = any(word in text for text in texts for word in ("def save(", "pre_save"))
    return hooks or any(word in serializer.own.file.text for word in _HASHES)


@rule(
    "API012",
    severity="error",
    title="A nested account is told with its password's hash",
    why="depth nests related rows with all their fields. Where one of them is an account, each "
    "answer holds its password's hash and its flags.",
    symptom='"reader": {"password": "pbkdf2_sha256$…"} in an answer.',
    fix="Take `depth` out, and declare a serializer for the related account.",
    url=f"{_GUIDE}/#specifying-nested-serialization",
    mistake={"library/loans/api.py": _DEPTH.format(depth="\n        depth = 1")},
    fixed={"library/loans/api.py": _DEPTH.format(depth="")},
    site="split",
)
def nested_accounts(production: Production) -> Faults:
    for serializer in serializers(production):
        depth = serializer.own.option("depth")
        if depth is None or not isinstance(depth[0], ast.Constant) or not depth[0].value:
            continue
        for name in _links(production, serializer):
            included = serializer.all_fields or name in serializer.fields
            if included and serializer.declares(name) is None:
                message = f"{serializer.own.name} nests the account of {name}, its hash included"
                yield Fault(message, depth[1])


def _links(production: Production, serializer: Serializer) -> Iterator[str]:
    """The fields of its model that lead to an account."""
    related = ("ForeignKey", "OneToOneField", "ManyToManyField")
    model = production.classes(*related).find(
        last_name(serializer.model or ast.Constant("")), serializer.own.file
    )
    for own in model.lineage if model else ():
        for node in own.node.body:
            call = node.value if isinstance(node, ast.Assign) else None
            if isinstance(call, ast.Call) and last_name(call.func) in related:
                to = keyword(call, "to") or (call.args[0] if call.args else None)
                text = literal(to) or ""
                setting = "AUTH_USER_MODEL" in ast.unparse(to) if to else False
                if setting or text.endswith("User") or is_user(production, to):
                    yield last_name(node.targets[0]) if isinstance(node, ast.Assign) else ""
