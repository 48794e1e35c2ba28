"""Placeholders for the build: every cast takes its own, and none is a secret."""

import base64
import json
from urllib.parse import urlsplit

import pytest

from nuages.config.build_values import PLACEHOLDER, placeholder
from nuages.project.facts import Variable


def variable(name: str, cast: str | None = None) -> Variable:
    return Variable(name, (), True, None, cast, False, True)


@pytest.mark.parametrize(
    ("name", "cast", "value"),
    [
        ("API_KEY", None, PLACEHOLDER),
        ("ANY", "bool", "False"),
        ("ANY", "int", "1"),
        ("EMAIL_PORT", "int", "25"),
        ("ANY_URL", "int", "1"),
        ("ANY", "float", "1.0"),
        ("ANY", "json", "{}"),
        ("HOSTS", "list", "localhost"),
        ("ANY", "list", PLACEHOLDER),
        ("ANY", "url:database", "postgres://build:build@localhost/build"),
        ("ANY", "url:cache", "redis://localhost:6379/0"),
        ("ANY", "url:email", "smtp://localhost:25"),
        ("DATABASE_URL", None, "postgres://build:build@localhost/build"),
        ("DEFAULT_DATABASE_DSN", None, "postgres://build:build@localhost/build"),
        ("CELERY_BROKER_URL", None, "redis://localhost:6379/0"),
        ("SENTRY_DSN", None, "https://build@localhost/1"),
        ("SITE_URL", None, "https://localhost/"),
        ("DJANGO_ADMIN_URL", None, "admin/"),
        ("DJANGO_ALLOWED_HOSTS", None, "localhost"),
        ("DEFAULT_FROM_EMAIL", None, "build@localhost.localdomain"),
        ("DB_PORT", None, "25"),
    ],
)
def test_by_cast_and_name(name: str, cast: str | None, value: str) -> None:
    assert placeholder(variable(name, cast)) == value


def test_casts_can_read_them() -> None:
    assert int(placeholder(variable("X_TIMEOUT", "int"))) >= 0
    assert float(placeholder(variable("X", "float"))) >= 0
    assert json.loads(placeholder(variable("X", "json"))) == {}
    for kind in ("database", "cache", "email"):
        assert urlsplit(placeholder(variable("X", f"url:{kind}"))).hostname == "localhost"
    assert len(base64.urlsafe_b64decode(placeholder(variable("FERNET_KEY")))) == 32


def build(shop, settings: str, yaml: str = "{}") -> dict[str, str]:
    return dict(shop.deployment(settings, yaml=yaml).image.build_environment)


def test_every_variable_that_is_demanded_has_a_value(shop) -> None:
    settings = "A = os.environ['API_TOKEN']\nB = os.environ.get('B', 'x')\n"
    assert build(shop, settings) == {
        "API_TOKEN": PLACEHOLDER,
        "DJANGO_SECRET_KEY": PLACEHOLDER,
    }


def test_what_nuages_yaml_says_is_used_unless_it_looks_secret(shop) -> None:
    settings = "A = os.environ['REGION_NAME']\nT = os.environ['API_TOKEN']\n"
    found = build(shop, settings, "env_vars: {REGION_NAME: north, API_TOKEN: real}")
    assert found["REGION_NAME"] == "north"
    assert found["API_TOKEN"] == PLACEHOLDER


def test_a_project_on_mysql_gets_such_a_dsn(shop) -> None:
    settings = (
        "DATABASES = {'default': {'ENGINE': 'django.db.backends.mysql',"
        " 'NAME': 'x'}}\nURL = os.environ['OTHER_DATABASE_URL']\n"
    )
    assert build(shop, settings)["OTHER_DATABASE_URL"] == "mysql://build:build@localhost/build"
