"""Guessing and flooding: how often one may try, and who is counted."""

import pytest
from django.contrib.auth import authenticate
from django.core import mail
from django.test import Client
from django.urls import reverse
from rest_framework.settings import api_settings

from apps.users import throttling
from apps.users.models import User

from .conftest import PASSWORD

LOGIN = "/accounts/login/"
WRONG = "wrong"
RESET = "/accounts/password/reset/"


@pytest.fixture(autouse=True)
def few_tries(settings) -> None:
    settings.TRIES_AN_HOUR = {"login": (6, 3), "sign-up": (6, 3), "reset": (6, 3)}


def guess(client: Client, name: str = "ana", *, password: str = WRONG, **extra: str):
    return client.post(LOGIN, {"username": f"{name}@example.org", "password": password}, **extra)


def test_guessing_one_accounts_password(client: Client, user: User) -> None:
    # Each guess from another address, as from a botnet.
    codes = [guess(client, REMOTE_ADDR=f"192.0.2.{n}").status_code for n in range(5)]
    assert codes == [200, 200, 200, 429, 429]
    page = guess(client, password=PASSWORD, REMOTE_ADDR="192.0.2.99")
    assert page.status_code == 429  # even the right one: a guess must not be confirmed
    assert "Too many tries" in page.content.decode()
    assert 0 < int(page.headers["Retry-After"]) <= 3600


def test_accounts_that_do_not_exist_are_counted_alike(client: Client, user: User) -> None:
    for name in ("ana", "nobody"):
        codes = [guess(client, name, REMOTE_ADDR=f"192.0.2.{n}").status_code for n in range(4)]
        assert codes == [200, 200, 200, 429]


def test_the_case_of_letters_is_no_way_around(client: Client, user: User) -> None:
    names = ["ana", "Ana", "aNa", "anA"]
    assert [guess(client, name).status_code for name in names] == [200, 200, 200, 429]


def test_one_password_for_many_accounts(client: Client, user: User) -> None:
    codes = [guess(client, f"person{n}").status_code for n in range(8)]
    assert codes == [200] * 6 + [429] * 2


def test_a_blocked_address_cannot_lock_others_out(client: Client, user: User) -> None:
    for n in range(7):
        guess(client, f"person{n}", REMOTE_ADDR="192.0.2.1")
    for _ in range(5):
        guess(client, "ana", REMOTE_ADDR="192.0.2.1")
    assert guess(client, password=PASSWORD, REMOTE_ADDR="192.0.2.2").status_code == 302


def test_a_login_forgives_the_slips_before_it(client: Client, user: User) -> None:
    for n in range(3):
        guess(client, REMOTE_ADDR=f"192.0.2.{n}")
        guess(client, REMOTE_ADDR=f"192.0.2.{n}")
        assert guess(client, password=PASSWORD, REMOTE_ADDR=f"192.0.2.{n}").status_code == 302


def test_the_next_hour_is_a_new_one(client: Client, user: User, monkeypatch) -> None:
    for n in range(4):
        page = guess(client, REMOTE_ADDR=f"192.0.2.{n}")
    assert page.status_code == 429
    later = throttling.time.time() + throttling.HOUR
    monkeypatch.setattr(throttling.time, "time", lambda: later)
    assert guess(client, password=PASSWORD).status_code == 302


def test_the_admin_is_no_side_door(client: Client, user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_staff=True)
    for n in range(3):
        guess(client, REMOTE_ADDR=f"192.0.2.{n}")
    answer = {"username": user.email, "password": PASSWORD, "next": "/admin/"}
    page = client.post(reverse("admin:login"), answer, REMOTE_ADDR="192.0.2.9")
    assert "Too many tries" in page.content.decode()
    assert not page.context["user"].is_authenticated


@pytest.mark.parametrize("name", ["email-change", "delete", "password-change"])
def test_asking_for_the_password_again_is_counted(owner: Client, user: User, name: str) -> None:
    answer = {
        "email": "new@example.org",
        "new_password1": "x-y-z-1-2",
        "new_password2": "x-y-z-1-2",
    }
    for password in ["wrong"] * 3 + [PASSWORD]:
        answer |= {"password": password, "old_password": password}
        page = owner.post(reverse(f"users:{name}"), answer)
    assert "Too many tries" in page.content.decode()
    assert User.objects.get(pk=user.pk).check_password(PASSWORD)


@pytest.mark.parametrize("name", ["users:sign-up", "users:password-reset"])
def test_flooding_somebodys_mailbox(client: Client, user: User, name: str) -> None:
    codes = [
        client.post(reverse(name), {"email": user.email}, REMOTE_ADDR=f"192.0.2.{n}").status_code
        for n in range(5)
    ]
    assert codes == [302, 302, 302, 429, 429]
    assert len(mail.outbox) == 3


def test_flooding_many_mailboxes(client: Client, db: None) -> None:
    for n in range(9):
        client.post(RESET, {"email": f"person{n}@example.org"})
    assert len(mail.outbox) == 6


# Who is counted


def seen(rf, forwarded: str | None = None, remote: str = "10.0.0.1") -> str:
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    return throttling.client(rf.get("/", headers=headers, REMOTE_ADDR=remote))


def test_a_header_that_anybody_can_send_is_not_believed(rf) -> None:
    assert seen(rf, "1.2.3.4") == "10.0.0.1"


def test_behind_proxies_the_address_that_they_saw_counts(rf, monkeypatch) -> None:
    monkeypatch.setattr(api_settings, "NUM_PROXIES", 1)
    assert seen(rf, "6.6.6.6, 203.0.113.7") == "203.0.113.7"
    monkeypatch.setattr(api_settings, "NUM_PROXIES", 2)
    assert seen(rf, "6.6.6.6, 203.0.113.7, 10.0.0.9") == "203.0.113.7"


def test_a_subscribers_many_addresses_are_one(rf) -> None:
    assert seen(rf, remote="2001:db8:1:2:aaaa::1") == seen(rf, remote="2001:db8:1:2:bbbb::2")
    assert seen(rf, remote="2001:db8:1:2::1") != seen(rf, remote="2001:db8:1:3::1")


# Without a cache


class Away:
    def __getattr__(self, name: str):
        def refuse(*args: object) -> None:
            raise ConnectionRefusedError("the cache is away")

        return refuse


def test_without_the_cache_it_still_counts(client: Client, user: User, monkeypatch) -> None:
    monkeypatch.setattr(throttling, "cache", Away())
    codes = [guess(client, REMOTE_ADDR=f"192.0.2.{n}").status_code for n in range(5)]
    assert codes == [200, 200, 200, 429, 429]
    monkeypatch.setattr(throttling.time, "time", lambda: 1e10)
    assert guess(client, password=PASSWORD).status_code == 302


def test_a_cache_that_keeps_nothing(user: User, monkeypatch, settings) -> None:
    from django.core.cache.backends.dummy import DummyCache

    monkeypatch.setattr(throttling, "cache", DummyCache("", {}))
    for _ in range(3):
        assert authenticate(None, username=user.email, password="wrong") is None
    assert authenticate(None, username=user.email, password=PASSWORD) is None


def test_the_cache_holds_nobodys_address() -> None:
    assert "ana" not in throttling.key("login", "account", "ana@example.org", 1)
