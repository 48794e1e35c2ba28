"""What many tests need."""

import io
from collections.abc import Callable, Iterator

import pytest
from django.contrib.auth.models import Permission
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from knox.models import get_token_model
from PIL import Image
from rest_framework.test import APIClient

from apps.users import throttling
from apps.users.models import User

PASSWORD = "chosen-for-these-tests"
ROLES = ("anonymous", "user", "other", "staff", "admin", "superuser")
API = "/api/v1/"


@pytest.fixture(autouse=True)
def no_tries_yet() -> Iterator[None]:
    cache.clear()
    throttling.stand_in.clear()
    yield


@pytest.fixture
def user(db: None) -> User:
    return User.objects.create_user("ana@example.org", PASSWORD, name="Ana")


@pytest.fixture
def owner(user: User, client: Client) -> Client:
    """The browser of `user`, logged in."""
    client.force_login(user)
    return client


@pytest.fixture
def image() -> Callable[..., SimpleUploadedFile]:
    """An upload: ``image(size, format, name, exif=…)``."""

    def make(
        size: tuple[int, int] = (40, 30),
        format: str = "PNG",
        name: str = "me.png",
        **options: object,
    ) -> SimpleUploadedFile:
        out = io.BytesIO()
        Image.new("RGB", size, "teal").save(out, format, **options)
        return SimpleUploadedFile(name, out.getvalue())

    return make


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
