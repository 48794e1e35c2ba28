"""Sign-up, tokens and forgotten passwords, up to the answer that tells nothing."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone
from knox.models import get_token_model

from apps.users.models import User

from .conftest import PASSWORD

NEW = "another-good-password"


def link_parts() -> list[str]:
    """The parts of the path of the link in the one mail that was sent."""
    (message,) = mail.outbox
    return re.search(r"https?://[^/]+/(\S+)", message.body)[1].strip("/").split("/")


def answer(response) -> tuple[int, bytes, dict]:
    headers = {name: v for name, v in response.headers.items() if name != "X-Request-ID"}
    return response.status_code, response.content, headers


def test_sign_up_by_mail_then_token_then_me(call):
    assert call("anonymous", "POST", "sign-up/", {"email": "New@Example.com"}).status_code == 202
    assert not User.objects.filter(email="new@example.com").exists()
    body = {"token": link_parts()[-1], "password": NEW, "name": "New", "is_staff": True}
    made = call("anonymous", "POST", "sign-up/confirm/", body)
    assert made.status_code == 201
    assert made.json()["email"] == "new@example.com"
    assert not User.objects.get(email="new@example.com").is_staff
    again = call("anonymous", "POST", "sign-up/confirm/", body)
    assert (again.status_code, again.json()["errors"][0]["code"]) == (400, "link_invalid")
    login = {"email": "NEW@example.com", "password": NEW}
    assert call("anonymous", "POST", "token/", login).status_code == 201


def test_a_weak_password_is_refused_and_makes_no_account(call):
    call("anonymous", "POST", "sign-up/", {"email": "new@example.com"})
    body = {"token": link_parts()[-1], "password": "12345678"}
    response = call("anonymous", "POST", "sign-up/confirm/", body)
    assert response.status_code == 400
    assert {error["attr"] for error in response.json()["errors"]} == {"password"}
    assert not User.objects.filter(email="new@example.com").exists()


@pytest.mark.parametrize("path", ["sign-up/", "password-reset/"])
def test_no_answer_tells_who_has_an_account(call, path):
    mine = call("anonymous", "POST", path, {"email": "user@example.com"})
    nobodys = call("anonymous", "POST", path, {"email": "nobody@example.com"})
    assert answer(mine) == answer(nobodys)
    assert [message.to for message in mail.outbox] == [["user@example.com"], ["nobody@example.com"]]


def test_login_answers_alike_for_every_reason(call, people):
    people["other"].is_active = False
    people["other"].save()
    tries = [
        ("user@example.com", "wrong-password"),
        ("nobody@example.com", PASSWORD),
        ("other@example.com", PASSWORD),
    ]
    answers = {
        answer(call("anonymous", "POST", "token/", {"email": email, "password": password}))[:2]
        for email, password in tries
    }
    assert len(answers) == 1
    assert answers.pop()[0] == 400


def test_reset_by_mail_ends_every_token(call, people):
    get_token_model().objects.create(people["user"])
    call("anonymous", "POST", "password-reset/", {"email": "user@example.com"})
    *_, uid, token = link_parts()
    body = {"uid": uid, "token": token, "password": NEW}
    assert call("anonymous", "POST", "password-reset/confirm/", body).status_code == 204
    people["user"].refresh_from_db()
    assert people["user"].check_password(NEW)
    assert not people["user"].auth_token_set.exists()
    assert call("anonymous", "POST", "password-reset/confirm/", body).status_code == 400


@pytest.mark.parametrize("uid", ["MQ", "!!", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5", "é", "TVE", ""])
def test_a_false_reset_link_is_said_to_be_false(call, uid):
    body = {"uid": uid, "token": "x-y", "password": NEW}
    assert call("anonymous", "POST", "password-reset/confirm/", body).status_code == 400


def test_mail_that_is_away_is_said_for_every_address_alike(call, monkeypatch):
    def away(*args, **kwargs):
        raise ConnectionRefusedError

    monkeypatch.setattr("apps.users.mails.send_mail", away)
    answers = {
        answer(call("anonymous", "POST", "password-reset/", {"email": email}))[:2]
        for email in ("user@example.com", "nobody@example.com")
    }
    assert [status for status, _ in answers] == [503]


@pytest.mark.parametrize(
    ("path", "body", "welcome"),
    [
        ("sign-up/", {"email": "user@example.com"}, 5),
        ("password-reset/", {"email": "nobody@example.com"}, 5),
        ("token/", {"email": "user@example.com", "password": "wrong"}, 20),
    ],
)
def test_too_many_tries(call, path, body, welcome):
    for _ in range(welcome):
        assert call("anonymous", "POST", path, body).status_code in (202, 400)
    refused = call("anonymous", "POST", path, body)
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    assert refused.json()["errors"][0]["code"] == "throttled"


def test_the_right_password_does_not_help_after_too_many_guesses(call):
    for _ in range(20):
        call("anonymous", "POST", "token/", {"email": "user@example.com", "password": "wrong"})
    body = {"email": "user@example.com", "password": PASSWORD}
    assert call("anonymous", "POST", "token/", body).status_code == 429


def test_only_a_digest_of_the_token_is_stored(call):
    body = {"email": "user@example.com", "password": PASSWORD}
    token = call("anonymous", "POST", "token/", body).json()["token"]
    stored = get_token_model().objects.get()
    assert token not in (stored.digest, stored.token_key)


def test_an_expired_token_is_none(client, people):
    stored, token = get_token_model().objects.create(people["user"])
    header = {"Authorization": f"Token {token}"}
    assert client.get("/api/v1/me/", headers=header).status_code == 200
    stored.expiry = timezone.now() - timedelta(seconds=1)
    stored.save()
    refused = client.get("/api/v1/me/", headers=header)
    assert (refused.status_code, refused.headers["WWW-Authenticate"]) == (401, "Token")


@pytest.mark.parametrize("token", ["x", "", "é", "ÿþ", "a b", "x" * 5000])
def test_a_false_token_is_refused(client, db, token):
    header = {"Authorization": f"Token {token}"}
    assert client.get("/api/v1/me/", headers=header).status_code == 401


def test_revoking_ends_this_token_only(client, people):
    _, kept = get_token_model().objects.create(people["user"])
    _, ended = get_token_model().objects.create(people["user"])
    assert client.delete("/api/v1/token/", headers={"Authorization": f"Token {ended}"})
    answers = [
        client.get("/api/v1/me/", headers={"Authorization": f"Token {token}"}).status_code
        for token in (kept, ended)
    ]
    assert answers == [200, 401]
