"""What somebody can do with the account that is theirs."""

import re

import pytest
from django.core import mail
from django.core.files.base import ContentFile
from django.test import Client
from PIL import Image
from rest_framework.test import APIClient

from apps.users.models import User

from .conftest import PASSWORD
from .test_api_permissions import picture

NEW = "another-good-password"


def test_patch_changes_what_is_ones_own_and_nothing_else(call, people):
    before = User.objects.filter(pk=people["user"].pk).values().get()
    body = {
        "name": "Django",
        "bio": "Guitar.",
        "id": people["other"].pk,
        "email": "taken@example.com",
        "password": "x",
        "avatar": "avatars/of-another.webp",
        "is_staff": True,
        "is_superuser": True,
        "is_active": False,
        "groups": [1],
        "user_permissions": [1],
        "last_login": "2020-01-01T00:00:00Z",
        "created_at": "2020-01-01T00:00:00Z",
    }
    assert call("user", "PATCH", "me/", body).status_code == 200
    after = User.objects.filter(pk=people["user"].pk).values().get()
    changed = {key for key in before if before[key] != after[key]}
    assert changed == {"name", "bio", "updated_at"}
    assert not people["user"].groups.exists()
    assert not people["user"].user_permissions.exists()


def test_a_new_password_needs_the_old_one_and_ends_tokens(call, people):
    wrong = {"password": "wrong", "new_password": NEW}
    assert call("user", "POST", "me/password/", wrong).status_code == 400
    weak = {"password": PASSWORD, "new_password": "user@example.com"}
    refused = call("user", "POST", "me/password/", weak)
    assert {error["attr"] for error in refused.json()["errors"]} == {"new_password"}
    right = {"password": PASSWORD, "new_password": NEW}
    assert call("user", "POST", "me/password/", right).status_code == 204
    people["user"].refresh_from_db()
    assert people["user"].check_password(NEW)
    assert not people["user"].auth_token_set.exists()
    assert mail.outbox[-1].to == ["user@example.com"]


def test_guesses_at_the_password_are_counted(call):
    body = {"password": "wrong", "new_password": NEW}
    statuses = [call("user", "POST", "me/password/", body).status_code for _ in range(21)]
    assert statuses == [400] * 20 + [429]


def test_a_new_password_ends_the_other_sessions(people):
    here, elsewhere = APIClient(), Client()
    for client in (here, elsewhere):
        client.force_login(people["user"])
    body = {"password": PASSWORD, "new_password": NEW}
    assert here.post("/api/v1/me/password/", body).status_code == 204
    statuses = [client.get("/api/v1/me/").status_code for client in (here, elsewhere)]
    assert statuses == [200, 401]


def test_a_session_needs_its_csrf_token(people):
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(people["user"])
    assert client.get("/api/v1/me/").status_code == 200
    assert client.patch("/api/v1/me/", {"name": "Forged"}).status_code == 403


def test_an_address_changes_when_its_mail_was_read(call, people):
    body = {"email": "moved@example.com", "password": PASSWORD}
    assert call("user", "POST", "me/email/", body).status_code == 202
    people["user"].refresh_from_db()
    assert people["user"].email == "user@example.com"
    token = re.search(r"https?://\S+/([^/\s]+)/?", mail.outbox[-1].body)[1]
    assert call("anonymous", "POST", "email/confirm/", {"token": token}).status_code == 204
    people["user"].refresh_from_db()
    assert people["user"].email == "moved@example.com"
    assert call("anonymous", "POST", "email/confirm/", {"token": token}).status_code == 400


def test_the_picture_is_drawn_anew_and_the_old_one_goes(call, people):
    urls = []
    for _ in range(2):
        sent = {"data": {"avatar": picture()}, "format": "multipart"}
        urls.append(call("user", "PUT", "me/avatar/", **sent).json()["avatar"])
    assert urls[0] != urls[1]
    assert urls[1].endswith(".webp")
    people["user"].refresh_from_db()
    with people["user"].avatar.open() as stored:
        assert Image.open(stored).format == "WEBP"
    assert call("user", "DELETE", "me/avatar/").status_code == 204
    assert call("user", "DELETE", "me/avatar/").status_code == 204
    assert call("user", "GET", "me/").json()["avatar"] is None


@pytest.mark.parametrize(
    ("name", "content"),
    [("me.png", b"<script>alert(1)</script>"), ("me.svg", b"<svg/>"), ("me.png", b"")],
)
def test_what_is_no_picture_is_refused(call, people, name, content):
    sent = {"data": {"avatar": ContentFile(content, name)}, "format": "multipart"}
    assert call("user", "PUT", "me/avatar/", **sent).status_code == 400
    people["user"].refresh_from_db()
    assert not people["user"].avatar


def test_deleting_needs_the_password_and_is_for_good(call, people):
    assert call("user", "POST", "me/delete/", {"password": "wrong"}).status_code == 400
    assert call("user", "POST", "me/delete/", {"password": PASSWORD}).status_code == 204
    assert not User.objects.filter(email="user@example.com").exists()
