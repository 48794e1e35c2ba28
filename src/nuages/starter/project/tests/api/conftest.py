"""Accounts in every role, and somebody to call the API as each."""

import pytest
from django.contrib.auth.models import Permission
from django.core.cache import cache
from knox.models import get_token_model
from rest_framework.test import APIClient

from apps.users.models import User

PASSWORD = "correct-horse-battery"
ROLES = ("anonymous", "user", "other", "staff", "admin", "superuser")
API = "/api/v1/"


@pytest.fixture(autouse=True)
def _no_tries_yet():
    cache.clear()


@pytest.fixture
def people(db) -> dict[str, User]:
    """An account for each role: `staff` may use the admin, `admin` may change users there."""
    made = {
        role: User.objects.create_user(f"{role}@example.com", PASSWORD, name=role.title())
        for role in ROLES[1:]
    }
    for role in ("staff", "admin", "superuser"):
        made[role].is_staff = True
    made["superuser"].is_superuser = True
    made["admin"].user_permissions.set(Permission.objects.filter(content_type__model="user"))
    for user in made.values():
        user.save()
    return made


@pytest.fixture
def call(people):
    """``call("user", "GET", "me/")`` with that role's token."""

    def call(role: str, method: str, path: str, data=None, **kwargs):
        client = APIClient(raise_request_exception=False)
        if role != "anonymous":
            _, token = get_token_model().objects.create(people[role])
            client.credentials(HTTP_AUTHORIZATION=f"Token {token}")
        return getattr(client, method.lower())(f"{API}{path}", data, **kwargs)

    return call
