"""Hostile pictures."""

import io
import struct
import zlib

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from apps.users import avatars
from apps.users.models import User

PROFILE = "/accounts/profile/"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.fixture(autouse=True)
def empty_storage(settings, tmp_path) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    }
    settings.MEDIA_ROOT = tmp_path


def send(client: Client, upload: SimpleUploadedFile):
    return client.post(PROFILE, {"name": "Ana", "bio": "", "avatar": upload})


def stored(user: User) -> User:
    return User.objects.get(pk=user.pk)


def refused(client: Client, user: User, upload: SimpleUploadedFile) -> str:
    page = send(client, upload)
    assert page.status_code == 200
    assert not stored(user).avatar
    return page.context["form"].errors["avatar"][0]


@pytest.mark.parametrize("format", ["PNG", "JPEG", "WEBP", "GIF"])
def test_pictures_are_drawn_anew(owner: Client, user: User, image, format: str) -> None:
    assert send(owner, image((900, 600), format, f"me.{format.lower()}")).status_code == 302
    with stored(user).avatar.open() as file:
        kept = Image.open(file)
        assert (kept.format, kept.size) == ("WEBP", (512, 512))


def test_where_it_was_taken_is_not_kept(owner: Client, user: User, image) -> None:
    exif = Image.Exif()
    exif[0x010E] = "secret words"
    exif.get_ifd(0x8825)[1] = "N"  # GPS
    upload = image((60, 60), "JPEG", "me.jpg", exif=exif)
    assert b"secret words" in upload.read()
    upload.seek(0)
    send(owner, upload)
    with stored(user).avatar.open() as file:
        data = file.read()
    assert b"secret words" not in data
    assert len(Image.open(io.BytesIO(data)).getexif()) == 0


def test_a_script_behind_a_picture_is_not_kept(owner: Client, user: User, image) -> None:
    polyglot = image().read() + b"<script>alert(1)</script>"
    send(owner, SimpleUploadedFile("me.png.html", polyglot, "text/html"))
    user = stored(user)
    assert user.avatar.name.endswith(".webp")
    with user.avatar.open() as file:
        assert b"<script>" not in file.read()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("me.svg", SVG),
        ("me.png", SVG),
        ("me.png", b"<html><script>alert(1)</script>"),
        ("me.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 50),
        ("me.gif", b"GIF89a;<?php echo 1;"),
        ("me.png", b""),
    ],
)
def test_what_is_no_picture(owner: Client, user: User, name: str, content: bytes) -> None:
    assert refused(owner, user, SimpleUploadedFile(name, content, "image/png"))


@pytest.mark.parametrize("format", ["BMP", "TIFF", "PPM", "ICO"])
def test_formats_that_nobody_needs(owner: Client, user: User, image, format: str) -> None:
    assert "not a PNG" in refused(owner, user, image((32, 32), format))


def test_too_many_bytes(owner: Client, user: User, image) -> None:
    data = image().read()
    upload = SimpleUploadedFile("me.png", data + b"\0" * avatars.MAX_BYTES)
    assert "over 5 MB" in refused(owner, user, upload)


def chunk(kind: bytes, data: bytes) -> bytes:
    body = kind + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))


@pytest.mark.parametrize("side", [6000, 50_000])
def test_a_small_file_that_unfolds_to_gigabytes(owner: Client, user: User, side: int) -> None:
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header)
    bomb += chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    error = refused(owner, user, SimpleUploadedFile("me.png", bomb))
    assert "too many pixels" in error or side > 10_000


def test_the_name_is_not_the_senders(owner: Client, user: User, image) -> None:
    send(owner, image(name="../../config/settings.png"))
    first = stored(user).avatar.name
    send(owner, image(name="../../config/settings.png"))
    second = stored(user).avatar.name
    assert first != second
    for name in (first, second):
        folder, file = name.split("/")
        assert folder == "avatars"
        assert len(file) == len("0" * 32 + ".webp")


def test_old_pictures_are_deleted(
    owner: Client, user: User, image, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        send(owner, image())
    first = stored(user).avatar.name
    with django_capture_on_commit_callbacks(execute=True):
        send(owner, image())
    assert not default_storage.exists(first)
    second = stored(user).avatar.name
    with django_capture_on_commit_callbacks(execute=True):
        owner.post(PROFILE, {"name": "Ana", "avatar-clear": "on"})
    assert not stored(user).avatar
    assert not default_storage.exists(second)


def test_deleting_an_account_deletes_its_picture(
    owner: Client, user: User, image, django_capture_on_commit_callbacks
) -> None:
    send(owner, image())
    name = stored(user).avatar.name
    assert default_storage.exists(name)
    with django_capture_on_commit_callbacks(execute=True):
        owner.post("/accounts/delete/", {"password": "chosen-for-these-tests"})
    assert not default_storage.exists(name)


def test_a_bad_picture_does_not_lose_the_good_one(owner: Client, user: User, image) -> None:
    send(owner, image())
    name = stored(user).avatar.name
    page = send(owner, SimpleUploadedFile("me.png", SVG))
    assert page.status_code == 200
    assert stored(user).avatar.name == name
    assert f"/media/{name}" in page.content.decode()


def test_a_body_that_would_fill_the_memory(client: Client, db: None, settings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    fits, large = ('{"email": "a@example.org", "x": "' + "x" * n + '"}' for n in (900, 1000))
    path = "/api/v1/sign-up/"
    assert client.post(path, fits, content_type="application/json").status_code == 202
    page = client.post(path, large, content_type="application/json")
    assert (page.status_code, page.json()["errors"][0]["code"]) == (413, "too_large")
    form = {"email": "a@example.org", "x": "x" * 1000}
    urlencoded = "application/x-www-form-urlencoded"
    page = client.post(
        "/accounts/sign-up/", "&".join(f"{k}={v}" for k, v in form.items()), urlencoded
    )
    assert page.status_code in (400, 413)


def test_an_upload_is_no_page_of_the_site(owner: Client, user: User, image) -> None:
    send(owner, image())
    page = Client().get(stored(user).avatar.url)
    assert page.status_code == 200
    assert page.headers["Content-Type"] == "image/webp"
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in page.headers["Content-Security-Policy"]
    for path in ("/media/../manage.py", "/media/%2e%2e/manage.py", "/media/avatars/"):
        assert Client().get(path).status_code in (400, 404)
