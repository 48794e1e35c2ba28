"""Accounts as they are stored."""

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import IntegrityError, transaction

from apps.users.models import User

from .conftest import PASSWORD


@pytest.mark.parametrize("email", ["Ana@Example.ORG", " ana@example.org "])
def test_one_address_is_one_account_whatever_its_letters(user: User, email: str) -> None:
    assert User.objects.get(email=email) == user
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user(email, PASSWORD)
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.bulk_create([User(email=email)])


def test_an_account_needs_an_address(db: None) -> None:
    with pytest.raises(ValueError, match="e-mail"):
        User.objects.create_user("", PASSWORD)


def test_without_a_password_nobody_logs_in(db: None) -> None:
    assert not User.objects.create_user("sso@example.org").has_usable_password()


def test_the_newest_come_first(user: User) -> None:
    late = User.objects.create_user("late@example.org")
    assert list(User.objects.all()) == [late, user]


def test_the_times_are_kept(user: User) -> None:
    made, changed = user.created_at, user.updated_at
    user.save()
    user.refresh_from_db()
    assert user.created_at == made
    assert user.updated_at > changed


def test_who_has_no_name_goes_by_the_address(user: User) -> None:
    assert str(user) == "Ana"
    assert str(User(email="nobody@example.org")) == "nobody@example.org"


def test_the_first_superuser(db: None, monkeypatch) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    call_command("createsuperuser", email="Boss@example.org", interactive=False, verbosity=0)
    boss = User.objects.get(email="boss@example.org")
    assert boss.is_staff
    assert boss.is_superuser
    assert boss.check_password(PASSWORD)


def test_writing_to_an_account(user: User) -> None:
    user.email_user("Subject", "Words")
    assert mail.outbox[0].to == ["ana@example.org"]
