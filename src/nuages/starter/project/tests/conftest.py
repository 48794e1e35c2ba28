"""What many tests need."""

import io
from collections.abc import Callable, Iterator

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from apps.users import throttling
from apps.users.models import User

PASSWORD = "chosen-for-these-tests"


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
