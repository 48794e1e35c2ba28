"""Names, secrets and what is masked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nuages.text import Location, looks_secret, redacted, slug


@pytest.mark.parametrize(
    ("name", "expected"),
    [("My Site", "my-site"), ("42-things", "things"), ("___", "app"), ("a" * 60, "a" * 40)],
)
def test_slug(name: str, expected: str) -> None:
    assert slug(name) == expected


@given(st.text())
def test_slug_is_always_a_label(name: str) -> None:
    label = slug(name)
    assert label
    assert label[0].isalpha()
    assert set(label) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert not label.endswith("-")


@pytest.mark.parametrize(
    "name",
    [
        "DJANGO_SECRET_KEY",
        "DB_PASSWORD",
        "STRIPE_API_KEY",
        "GITHUB_TOKEN",
        "DATABASE_URL",
        "SENTRY_DSN",
    ],
)
def test_secret_names(name: str) -> None:
    assert looks_secret(name)


@pytest.mark.parametrize(
    "name",
    ["DEBUG", "ALLOWED_HOSTS", "STRIPE_PUBLIC_KEY", "CACHE_KEY_PREFIX", "MONKEY", "AWS_REGION"],
)
def test_public_names(name: str) -> None:
    assert not looks_secret(name)


def test_passwords_are_masked() -> None:
    assert redacted("postgres://app:hunter2@db/app") == "postgres://app:***@db/app"
    assert redacted("DB_PASSWORD=hunter2 PORT=80") == "DB_PASSWORD=*** PORT=80"


def test_a_location_names_only_what_is_known() -> None:
    assert str(Location("a.py")) == "a.py"
    assert str(Location("a.py", 3)) == "a.py:3"
    assert str(Location("a.py", 3, 7)) == "a.py:3:7"


def test_an_empty_secret_does_not_mask_the_next_line() -> None:
    assert redacted("DJANGO_SECRET_KEY=\n# what follows") == "DJANGO_SECRET_KEY=\n# what follows"
