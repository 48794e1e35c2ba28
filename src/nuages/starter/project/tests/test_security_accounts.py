"""Attacks on accounts. Each test fails without the defence that it names."""

import re

import pytest
from django.conf import settings as site
from django.contrib.auth import hashers
from django.core import mail
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.urls import reverse

from apps.users import links
from apps.users.models import User

from .conftest import PASSWORD
from .test_pages import link

LOGIN, PROFILE = "/accounts/login/", "/accounts/profile/"


def text(page) -> str:
    """What an attacker can compare: the page without its form token and the address they sent."""
    token = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page.content.decode())
    return re.sub(r'value="\w+@example.org"', "", token)


# Who has an account here?


def test_login_does_not_tell_who_has_an_account(client: Client, user: User) -> None:
    User.objects.create_user("gone@example.org", PASSWORD, is_active=False)
    pages = [
        client.post(LOGIN, {"username": f"{name}@example.org", "password": password})
        for name, password in [("ana", "wrong"), ("nobody", "wrong"), ("gone", PASSWORD)]
    ]
    assert len({(page.status_code, text(page)) for page in pages}) == 1


def test_login_hashes_once_for_everybody(client: Client, user: User, monkeypatch) -> None:
    User.objects.create_user("gone@example.org", PASSWORD, is_active=False)
    User.objects.create_user("sso@example.org")
    counts = []
    for name in ("ana", "nobody", "gone", "sso"):
        made: list[str] = []
        real = hashers.MD5PasswordHasher.encode
        monkeypatch.setattr(
            hashers.MD5PasswordHasher,
            "encode",
            lambda self, *a, _made=made, _real=real: _made.append("") or _real(self, *a),
        )
        client.post(LOGIN, {"username": f"{name}@example.org", "password": "wrong"})
        monkeypatch.undo()
        counts.append(len(made))
    assert len(set(counts)) == 1
    assert counts[0] > 0


@pytest.mark.parametrize("name", ["users:sign-up", "users:password-reset"])
def test_asking_for_a_link_does_not_tell(client: Client, user: User, name: str) -> None:
    User.objects.create_user("gone@example.org", PASSWORD, is_active=False)
    User.objects.create_user("sso@example.org")
    answers = set()
    for who in ("ana", "nobody", "gone", "sso"):
        page = client.post(reverse(name), {"email": f"{who}@example.org"})
        answers.add((page.status_code, page.url))
    assert len(answers) == 1
    assert len(mail.outbox) == 4  # the same work for each


def test_only_the_owner_of_an_active_account_gets_a_reset_link(client: Client, user: User) -> None:
    User.objects.create_user("gone@example.org", PASSWORD, is_active=False)
    User.objects.create_user("sso@example.org")
    for who in ("gone", "sso", "nobody", "ana"):
        client.post(reverse("users:password-reset"), {"email": f"{who}@example.org"})
    found = ["/password/reset/" in message.body for message in mail.outbox]
    assert found == [False, False, False, True]


def test_email_change_does_not_tell(owner: Client, user: User) -> None:
    User.objects.create_user("other@example.org", PASSWORD)
    answers = set()
    for who in ("other", "nobody"):
        answer = {"email": f"{who}@example.org", "password": PASSWORD}
        page = owner.post(reverse("users:email-change"), answer)
        answers.add((page.status_code, page.url))
    assert len(answers) == 1
    assert ["/accounts/email/" in message.body for message in mail.outbox] == [False, True]


# Sessions


def test_a_session_planted_before_login_is_worthless(client: Client, user: User) -> None:
    session = client.session
    session["planted"] = True
    session.save()
    planted = session.session_key
    client.post(LOGIN, {"username": user.email, "password": PASSWORD})
    assert client.session.session_key != planted
    thief = Client()
    thief.cookies[site.SESSION_COOKIE_NAME] = planted
    assert thief.get(PROFILE).status_code == 302


def test_a_new_password_ends_the_other_sessions(owner: Client, user: User) -> None:
    other = Client()
    other.force_login(user)
    assert other.get(PROFILE).status_code == 200
    new = "another-for-these-tests"
    answer = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    owner.post(reverse("users:password-change"), answer)
    assert owner.get(PROFILE).status_code == 200
    assert other.get(PROFILE).status_code == 302
    assert mail.outbox[-1].to == [user.email]


def test_switching_an_account_off_ends_its_sessions(owner: Client, user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert owner.get(PROFILE).status_code == 302


def test_logout_by_a_picture_on_another_site(owner: Client) -> None:
    assert owner.get(reverse("users:logout")).status_code == 405
    assert owner.get(PROFILE).status_code == 200


# Redirects and forged forms


@pytest.mark.parametrize(
    "to",
    [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example",
        r"/\evil.example",
        "javascript:alert(1)",
        "https:evil.example",
    ],
)
def test_login_leads_nowhere_else(client: Client, user: User, to: str) -> None:
    answer = {"username": user.email, "password": PASSWORD, "next": to}
    assert client.post(f"{LOGIN}?next={to}", answer).url == PROFILE
    page = client.post(reverse("users:logout"), {"next": to})
    assert page.url == reverse("core:home")


def test_login_leads_on_within_the_site(client: Client, user: User) -> None:
    answer = {"username": user.email, "password": PASSWORD, "next": "/accounts/password/"}
    assert client.post(LOGIN, answer).url == "/accounts/password/"


@pytest.mark.parametrize(
    "name",
    [
        "login",
        "logout",
        "sign-up",
        "profile",
        "email-change",
        "password-change",
        "password-reset",
        "delete",
    ],
)
def test_every_form_needs_its_token(user: User, name: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    answer = {"password": PASSWORD, "email": "x@example.org", "username": user.email, "name": "x"}
    page = client.post(reverse(f"users:{name}"), answer)
    assert page.status_code == 403
    assert "too old" in page.content.decode()


# What a form may set


def test_the_profile_sets_nothing_else(owner: Client, user: User) -> None:
    answer = {
        "name": "Ana",
        "bio": "",
        "email": "evil@example.org",
        "is_staff": "on",
        "is_superuser": "on",
        "is_active": "",
        "password": "x",
        "groups": "1",
        "id": "999",
    }
    owner.post(PROFILE, answer)
    after = User.objects.get(pk=user.pk)
    assert (after.email, after.is_staff, after.is_superuser) == (user.email, False, False)
    assert after.is_active
    assert after.check_password(PASSWORD)


def test_signing_up_sets_nothing_else(client: Client, db: None) -> None:
    client.post(reverse("users:sign-up"), {"email": "new@example.org"})
    answer = {
        "name": "Nia",
        "password1": PASSWORD,
        "password2": PASSWORD,
        "email": "other@example.org",
        "is_staff": "on",
        "is_superuser": "on",
    }
    client.post(link(), answer)
    made = User.objects.get()
    assert (made.email, made.is_staff, made.is_superuser) == ("new@example.org", False, False)


@pytest.mark.parametrize("name", ["email-change", "delete", "password-change"])
def test_a_found_open_browser_is_not_enough(owner: Client, user: User, name: str) -> None:
    new = "another-for-these-tests"
    answer = {"password": "guess", "old_password": "guess", "email": "evil@example.org"}
    owner.post(reverse(f"users:{name}"), {**answer, "new_password1": new, "new_password2": new})
    after = User.objects.get(pk=user.pk)
    assert after.check_password(PASSWORD)
    assert mail.outbox == []


def test_words_stay_words(owner: Client, user: User) -> None:
    evil = '"><script>alert(1)</script>'
    owner.post(PROFILE, {"name": evil, "bio": f"</textarea>{evil}"})
    for path in (PROFILE, "/", "/accounts/delete/"):
        page = owner.get(path).content.decode()
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page


# Links in mails


def test_mails_name_the_sites_own_domain(client: Client, user: User, settings) -> None:
    settings.DOMAIN = "mysite.example"
    settings.ALLOWED_HOSTS = ["*"]
    client.post(reverse("users:password-reset"), {"email": user.email}, headers={"host": "evil.ex"})
    assert "http://mysite.example/" in mail.outbox[0].body
    assert "evil" not in mail.outbox[0].body


def test_without_a_domain_only_allowed_hosts_are_named(
    client: Client, user: User, settings
) -> None:
    settings.DOMAIN = ""
    settings.ALLOWED_HOSTS = ["mysite.example"]
    path = reverse("users:password-reset")
    evil = client.post(path, {"email": user.email}, headers={"host": "evil.example"})
    assert evil.status_code == 400
    assert mail.outbox == []
    settings.ALLOWED_HOSTS = ["*"]
    with pytest.raises(ImproperlyConfigured):
        client.post(path, {"email": user.email}, headers={"host": "evil.example"})


def test_forged_links(client: Client, user: User) -> None:
    client.post(reverse("users:sign-up"), {"email": "new@example.org"})
    token = link().split("/")[-2]
    for forged in (token[:-1] + ("A" if token[-1] != "A" else "B"), "x", "a:b:c"):
        assert client.get(reverse("users:sign-up-finish", args=[forged])).status_code == 404
        assert client.get(reverse("users:email-confirm", args=[forged])).status_code == 404
    # A link for one purpose does not serve another.
    assert client.get(reverse("users:email-confirm", args=[token])).status_code == 404


def test_an_old_link_dies(client: Client, db: None, monkeypatch) -> None:
    client.post(reverse("users:sign-up"), {"email": "new@example.org"})
    assert client.get(link()).status_code == 200
    monkeypatch.setattr(links, "DAY", -1)
    assert client.get(link()).status_code == 404


def test_a_change_of_address_dies_with_the_password(owner: Client, user: User) -> None:
    answer = {"email": "evil@example.org", "password": PASSWORD}
    owner.post(reverse("users:email-change"), answer)
    user.set_password("another-for-these-tests")
    user.save()
    assert Client().post(link()).status_code == 404
