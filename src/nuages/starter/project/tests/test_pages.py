"""Every page, and the ways through them."""

import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from apps.users.models import User

from .conftest import PASSWORD

OPEN = ["core:home", "users:login", "users:sign-up", "users:sign-up-sent", "users:password-reset"]
OWN = ["users:profile", "users:email-change", "users:password-change", "users:delete"]


def link() -> str:
    """The path of the link in the newest mail."""
    return re.search(r"https?://[^/\s]+(/\S+)", mail.outbox[-1].body).group(1)


@pytest.mark.parametrize("name", OPEN)
def test_open_pages(client: Client, db: None, name: str) -> None:
    page = client.get(reverse(name))
    assert page.status_code == 200
    text = page.content.decode()
    assert '<html lang="en' in text
    assert 'href="#main"' in text
    assert 'id="main"' in text
    assert text.count("<h1>") == 1


@pytest.mark.parametrize("name", OWN)
def test_own_pages(owner: Client, name: str) -> None:
    assert owner.get(reverse(name)).status_code == 200


@pytest.mark.parametrize("name", OWN)
def test_own_pages_ask_who_it_is(client: Client, name: str) -> None:
    page = client.get(reverse(name))
    assert page.status_code == 302
    assert page.url == f"{reverse('users:login')}?next={reverse(name)}"


@pytest.mark.parametrize("name", OPEN + OWN)
def test_no_page_needs_an_inline_script_or_style(owner: Client, name: str) -> None:
    text = owner.get(reverse(name)).content.decode()
    assert not re.search(r"<script|<style|\sstyle=|\son\w+=|javascript:", text)
    assert "//" not in re.sub(r"http://www\.w3\.org", "", text)  # nothing from elsewhere


def test_sign_up(client: Client, db: None) -> None:
    page = client.post(reverse("users:sign-up"), {"email": "New@Example.org"}, follow=True)
    assert b"Check your mail" in page.content
    assert mail.outbox[0].to == ["new@example.org"]
    assert not User.objects.exists()

    page = client.get(link())
    assert b"new@example.org" in page.content
    answer = {"name": "Nia", "password1": PASSWORD, "password2": PASSWORD}
    page = client.post(link(), answer, follow=True)
    assert page.redirect_chain == [(reverse("users:profile"), 302)]
    assert page.context["user"].email == "new@example.org"
    assert client.get(link()).status_code == 404  # it works once


def test_sign_up_judges_the_password_by_the_address(client: Client, db: None) -> None:
    client.post(reverse("users:sign-up"), {"email": "rosalind@example.org"})
    page = client.post(link(), {"password1": "rosalind", "password2": "rosalind"})
    assert b"too similar to the e-mail address" in page.content
    assert not User.objects.exists()


def test_login_and_logout(client: Client, user: User) -> None:
    answer = {"username": "ANA@example.org", "password": PASSWORD}
    page = client.post(reverse("users:login"), answer, follow=True)
    assert page.redirect_chain == [(reverse("users:profile"), 302)]
    page = client.post(reverse("users:logout"), follow=True)
    assert not page.context["user"].is_authenticated


def test_errors_are_told_to_those_who_listen(client: Client, user: User) -> None:
    page = client.post(reverse("users:login"), {"username": "ana", "password": ""})
    text = page.content.decode()
    assert 'aria-invalid="true"' in text
    assert 'aria-describedby="id_username_error"' in text
    assert 'id="id_username_error"' in text


def test_profile(owner: Client, user: User) -> None:
    owner.post(reverse("users:profile"), {"name": "Ana Maria", "bio": "Plays the violin."})
    user.refresh_from_db()
    assert (user.name, user.bio) == ("Ana Maria", "Plays the violin.")


def test_password_reset(client: Client, user: User) -> None:
    client.post(reverse("users:password-reset"), {"email": user.email})
    page = client.get(link(), follow=True)
    new = "another-for-these-tests"
    page = client.post(
        page.request["PATH_INFO"], {"new_password1": new, "new_password2": new}, follow=True
    )
    assert b"Your password is changed" in page.content
    user.refresh_from_db()
    assert user.check_password(new)
    assert "was changed" in mail.outbox[-1].subject
    page = client.get(re.search(r"http://[^/]+(/\S+)", mail.outbox[0].body).group(1), follow=True)
    assert b"This link does not work" in page.content


def test_email_change(owner: Client, user: User) -> None:
    answer = {"email": "maria@example.org", "password": PASSWORD}
    owner.post(reverse("users:email-change"), answer)
    user.refresh_from_db()
    assert user.email == "ana@example.org"
    path = link()
    assert owner.get(path).status_code == 200  # a mail scanner changes nothing
    user.refresh_from_db()
    assert user.email == "ana@example.org"
    Client().post(path)
    user.refresh_from_db()
    assert user.email == "maria@example.org"
    assert mail.outbox[-1].to == ["ana@example.org"]
    assert owner.get(path).status_code == 404


def test_deletion(owner: Client, user: User) -> None:
    owner.post(reverse("users:delete"), {"password": "wrong"})
    assert User.objects.filter(pk=user.pk).exists()
    page = owner.post(reverse("users:delete"), {"password": PASSWORD}, follow=True)
    assert b"are deleted" in page.content
    assert not User.objects.filter(pk=user.pk).exists()


def test_a_mail_server_that_is_away(client: Client, db: None, monkeypatch) -> None:
    def refuse(*args: object) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr("apps.users.mails.send_mail", refuse)
    page = client.post(reverse("users:sign-up"), {"email": "new@example.org"})
    assert b"We cannot send mail" in page.content


@pytest.mark.parametrize("code", [400, 403, 404, 500])
def test_error_pages(code: int, rf) -> None:
    from django.views import defaults

    request = rf.get("/missing/")
    view = {
        400: defaults.bad_request,
        403: defaults.permission_denied,
        404: defaults.page_not_found,
        500: defaults.server_error,
    }[code]
    page = view(request) if code == 500 else view(request, Exception())
    assert page.status_code == code
    assert f">{code}<" in page.content.decode()
    assert "css/error.css" in page.content.decode()


def test_the_admin_is_not_shown_to_strangers_once_it_moved(client: Client, db, settings) -> None:
    assert b"/admin/" in client.get("/").content
    settings.ADMIN_PATH = "backstage/"
    assert b"/admin/" not in client.get("/").content


def test_the_icon_is_found_without_a_link(client: Client) -> None:
    assert client.get("/favicon.ico").url.endswith("favicon.svg")


def test_versions_are_not_shown_to_strangers(client: Client, db, settings) -> None:
    assert b"Python" not in client.get("/").content
    settings.DEBUG = True
    assert b"Python" in client.get("/").content


@pytest.mark.parametrize("name", ["users:sign-up-sent", "users:password-reset-sent"])
def test_newcomers_are_told_where_the_mail_is(client: Client, settings, name: str) -> None:
    for to_log in (True, False):
        settings.MAIL_GOES_TO_LOG = to_log
        assert (b"no mail server yet" in client.get(reverse(name)).content) is to_log
