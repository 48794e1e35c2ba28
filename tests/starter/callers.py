"""Who calls the API of a new project while Schemathesis tries it, and what only they can know.

Its hooks run in the project's own environment, on the database, the cache and the secret key of
the server that is tried. Before each call the accounts are as at the start and no try is counted,
so that no call depends on another. Every second call that is meant to be welcome says what no
generator can: the password, the token of a mail, a picture, an account that is there.
"""

from __future__ import annotations

import io
import itertools
import os
from pathlib import Path
from typing import Any

import django

django.setup()

import schemathesis  # noqa: E402
from apps.users import links  # noqa: E402
from apps.users.models import User  # noqa: E402
from django.contrib.auth.hashers import make_password  # noqa: E402
from django.contrib.auth.models import Permission  # noqa: E402
from django.contrib.auth.tokens import default_token_generator  # noqa: E402
from django.core import signing  # noqa: E402
from django.core.cache import cache  # noqa: E402
from django.utils.http import urlsafe_base64_encode  # noqa: E402
from knox.models import get_token_model  # noqa: E402
from PIL import Image  # noqa: E402
from schemathesis.generation import GenerationMode  # noqa: E402

ROLE = os.environ["CALLER"]
ANSWERS = Path(os.environ["ANSWERS"])
STAFF = ("staff", "administrator", "superuser")
ROLES = ("user", "other", *STAFF)
PASSWORD, NEW = "chosen-for-these-calls", "another-good-password"
HASH = make_password(PASSWORD)
calls = itertools.count()


def accounts() -> dict[str, User]:
    """An account for each role, as at the start."""
    found = {user.email: user for user in User.objects.all()}
    people = {}
    for role in ROLES:
        user = found.pop(f"{role}@example.org", None)
        people[role] = user if user and state(user) == wanted(role) else anew(role)
    User.objects.filter(email__in=found).delete()
    return people


def state(user: User) -> tuple[Any, ...]:
    return (user.password, user.is_active, user.is_staff, user.is_superuser)


def wanted(role: str) -> tuple[Any, ...]:
    return (HASH, True, role in STAFF, role == "superuser")


def anew(role: str) -> User:
    user, _ = User.objects.get_or_create(email=f"{role}@example.org")
    user.password, user.is_active, user.is_staff, user.is_superuser = wanted(role)
    user.save()
    if role == "administrator":
        user.user_permissions.set(Permission.objects.filter(content_type__model="user"))
    return user


def known(people: dict[str, User], label: str) -> dict[str, Any]:
    """What somebody would know who has the account or was sent the mail."""
    user = people.get(ROLE, people["user"])
    link = [user.pk, user.email, user.get_session_auth_hash(), "moved@example.org"]
    return {
        "POST /api/v1/token/": {"email": user.email, "password": PASSWORD},
        "POST /api/v1/sign-up/confirm/": {
            "token": signing.dumps("new@example.org", salt=links.SIGN_UP),
            "password": NEW,
        },
        "POST /api/v1/password-reset/confirm/": {
            "uid": urlsafe_base64_encode(str(user.pk).encode()),
            "token": default_token_generator.make_token(user),
            "password": NEW,
        },
        "POST /api/v1/email/confirm/": {"token": signing.dumps(link, salt=links.CHANGE_EMAIL)},
        "POST /api/v1/me/password/": {"password": PASSWORD, "new_password": NEW},
        "POST /api/v1/me/email/": {"password": PASSWORD},
        "POST /api/v1/me/delete/": {"password": PASSWORD},
        "PUT /api/v1/me/avatar/": {"avatar": picture()},
    }.get(label, {})


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "teal").save(out, "PNG")
    return out.getvalue()


@schemathesis.hook
def before_call(context, case, kwargs) -> None:
    cache.clear()
    people = accounts()
    if (case.headers or {}).get("Authorization") == Token.MINE:
        _, token = get_token_model().objects.create(people[ROLE])
        case.headers["Authorization"] = f"Token {token}"
    if case.meta.generation.mode is GenerationMode.POSITIVE and next(calls) % 2 == 0:
        if isinstance(case.body, dict):
            case.body = {**case.body, **known(people, case.operation.label)}
        if "id" in (case.path_parameters or {}):
            case.path_parameters["id"] = people["other"].pk


@schemathesis.hook
def after_call(context, case, response) -> None:
    """Coverage asks other methods under the operation's name: those are not its answers."""
    if case.operation.label.startswith(f"{case.method} "):
        with ANSWERS.open("a") as file:
            file.write(f"{response.status_code} {case.operation.label}\n")


class Token:
    """Stands in the header until the call: the one before may have ended the account's tokens."""

    MINE = "Token mine"

    def get(self, case, context) -> str:
        return self.MINE

    def set(self, case, data, context) -> None:
        case.headers["Authorization"] = data


if ROLE != "anonymous":
    schemathesis.auth(refresh_interval=None)(Token)
