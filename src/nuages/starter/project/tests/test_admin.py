"""Accounts in the admin, and what staff may not do there."""

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from apps.users.models import User

from .conftest import PASSWORD

LIST = "admin:users_user_changelist"


@pytest.fixture
def boss(db: None, client: Client) -> Client:
    client.force_login(User.objects.create_superuser("boss@example.org", PASSWORD))
    return client


@pytest.fixture
def clerk(db: None, client: Client) -> Client:
    """Staff who may see, add and change accounts, and nothing else."""
    clerk = User.objects.create_user("clerk@example.org", PASSWORD, is_staff=True)
    names = ["view_user", "add_user", "change_user", "delete_user"]
    clerk.user_permissions.set(Permission.objects.filter(codename__in=names))
    client.force_login(clerk)
    return client


def change(user: User) -> str:
    return reverse("admin:users_user_change", args=[user.pk])


def answer(user: User, **fields: object) -> dict[str, object]:
    return {"email": user.email, "name": user.name, "bio": "", "is_active": "on", **fields}


def test_login_by_email(client: Client, db: None) -> None:
    User.objects.create_superuser("boss@example.org", PASSWORD)
    sent = {"username": "Boss@example.org", "password": PASSWORD, "next": reverse(LIST)}
    assert client.post(reverse("admin:login"), sent).url == reverse(LIST)


def test_members_do_not_get_in(client: Client, user: User) -> None:
    sent = {"username": user.email, "password": PASSWORD}
    assert client.post(reverse("admin:login"), sent).status_code == 200
    assert client.get(reverse(LIST)).status_code == 302


def test_the_newest_come_first_and_can_be_found(boss: Client, user: User) -> None:
    late = User.objects.create_user("late@example.org", PASSWORD, name="Zoe")
    page = boss.get(reverse(LIST))
    assert next(iter(page.context["cl"].result_list)) == late
    page = boss.get(reverse(LIST), {"q": "zoe", "is_active__exact": "1"})
    assert list(page.context["cl"].result_list) == [late]


def test_adding(boss: Client) -> None:
    sent = {
        "email": "New@Example.org",
        "name": "Nia",
        "usable_password": "true",
        "password1": PASSWORD,
        "password2": PASSWORD,
    }
    page = boss.post(reverse("admin:users_user_add"), sent)
    assert page.status_code == 302, page.context["adminform"].form.errors
    made = User.objects.get(email="new@example.org")
    assert made.check_password(PASSWORD)
    assert page.url == change(made)


def test_the_same_address_in_other_letters(boss: Client, user: User) -> None:
    sent = {"email": "ANA@example.org", "usable_password": "true"}
    sent |= {"password1": PASSWORD, "password2": PASSWORD}
    page = boss.post(reverse("admin:users_user_add"), sent)
    assert "There is an account" in str(page.context["adminform"].form.errors)


def test_changing(boss: Client, user: User, image) -> None:
    page = boss.post(change(user), answer(user, name="Ana M.", is_staff="on", avatar=image()))
    assert page.status_code == 302
    user.refresh_from_db()
    assert (user.name, user.is_staff) == ("Ana M.", True)
    assert user.avatar.name.endswith(".webp")
    assert user.avatar.url in boss.get(reverse(LIST)).content.decode()


def test_pictures_are_read_with_suspicion_here_too(boss: Client, user: User) -> None:
    evil = SimpleUploadedFile("me.png", b"<svg onload=alert(1)>")
    assert boss.post(change(user), answer(user, avatar=evil)).status_code == 200
    assert not User.objects.get(pk=user.pk).avatar


def test_staff_cannot_make_themselves_superusers(clerk: Client) -> None:
    me = User.objects.get(email="clerk@example.org")
    sent = answer(me, is_superuser="on", is_staff="on", user_permissions=["1"], groups=[])
    assert clerk.post(change(me), sent).status_code == 302
    me.refresh_from_db()
    assert not me.is_superuser
    assert me.user_permissions.count() == 4


def test_staff_cannot_take_a_superuser_over(clerk: Client) -> None:
    boss = User.objects.create_superuser("boss@example.org", PASSWORD)
    new = "another-for-these-tests"
    path = reverse("admin:auth_user_password_change", args=[boss.pk])
    sent = {"password1": new, "password2": new, "usable_password": "true"}
    assert clerk.post(path, sent).status_code == 403
    assert clerk.post(change(boss), answer(boss, email="x@example.org")).status_code == 403
    assert clerk.post(reverse("admin:users_user_delete", args=[boss.pk])).status_code == 403
    sent = {"action": "delete_selected", "_selected_action": [boss.pk], "post": "yes"}
    clerk.post(reverse(LIST), sent)
    boss.refresh_from_db()
    assert boss.check_password(PASSWORD)
    assert boss.email == "boss@example.org"
