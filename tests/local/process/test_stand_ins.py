from __future__ import annotations

import pytest

from nuages.local.process import stand_ins
from nuages.local.process.stand_ins import Place
from nuages.project.facts import Variable

PLACE = Place(
    8001,
    database="postgres://u:p@127.0.0.1:5433/app",
    redis="redis://127.0.0.1:7000/0",
    static="/made/static",
    folder="/made/own",
)
ALONE = Place(8001)


def variable(name: str, cast: str | None = None) -> Variable:
    return Variable(name, (), True, None, cast, False, False)


@pytest.mark.parametrize(
    ("name", "cast", "value"),
    [
        ("DJANGO_DEBUG", "bool", "False"),
        ("DJANGO_ALLOWED_HOSTS", "list", "localhost"),
        ("CSRF_TRUSTED_ORIGINS", "list", "http://localhost:8001"),
        ("DATABASE_URL", "url:database", PLACE.database),
        ("CELERY_BROKER_URL", None, PLACE.redis),
        ("POSTGRES_HOST", None, "127.0.0.1"),
        ("POSTGRES_PORT", "int", "5433"),
        ("DB_USER", None, "u"),
        ("POSTGRES_DB", None, "app"),
        ("REDIS_HOST", None, "127.0.0.1"),
        ("REDIS_PORT", "int", "7000"),
        ("DOMAIN", None, "localhost"),
        ("DJANGO_ADMIN_URL", None, "admin/"),
        ("SENTRY_DSN", None, ""),
        ("SENTRY", None, ""),
        ("LDAP_SERVER", None, "localhost"),
        ("LDAP_USER", None, "local"),
        ("MATOMO_SITE_ID", None, "local"),
        ("GOOGLE_ANALYTICS_ID", None, "local"),
        ("PROJECT", None, "local"),
        ("STATIC_ROOT", None, "/made/static"),
        ("SHOP_CONFIG_DIR", None, "/made/own"),
        ("EMAIL_HOST", None, "localhost"),
        ("EMAIL_PORT", "int", "25"),
        ("DJANGO_DEFAULT_FROM_EMAIL", None, "webmaster@localhost.localdomain"),
        ("DJANGO_AWS_STORAGE_BUCKET_NAME", None, "local"),
        ("AWS_S3_REGION_NAME", None, "us-east-1"),
        ("AWS_S3_SIGNATURE_NAME", None, "s3v4"),
        ("DJANGO_ENV", None, "production"),
        ("SITE_URL", None, "http://localhost:8001"),
        ("PORT", "int", "8001"),
        ("PAGE_SIZE", "int", "1"),
        ("FEATURES", "json", "{}"),
        ("ADMINS", "list", ""),
        ("ADMINS", None, ""),
        ("SERVER_EMAIL", None, "webmaster@localhost.localdomain"),
        ("ALLOWED_CLIENT_HOSTS", None, "localhost"),
        ("WEB_HOST", None, "localhost"),
        ("CLIENT_URL", None, "http://localhost:8001"),
        ("ENABLE_SIGNUP", None, "False"),
        ("CACHE_TIMEOUT", None, "60"),
    ],
)
def test_a_known_kind_gets_a_value_of_its_cast(name: str, cast: str | None, value: str) -> None:
    assert stand_ins.stand_in(variable(name, cast), PLACE) == value


@pytest.mark.parametrize("name", ["WAREHOUSE_CODE", "THEME", "DATABASE_URL"])
def test_what_only_the_user_knows_gets_none(name: str) -> None:
    assert stand_ins.stand_in(variable(name), ALONE) is None


def test_without_redis_there_is_memory() -> None:
    assert stand_ins.stand_in(variable("CACHE_URL", "url:cache"), ALONE) == "locmemcache://"
    assert stand_ins.stand_in(variable("CELERY_BROKER_URL"), ALONE) == "memory://"


@pytest.mark.parametrize(
    ("name", "own"),
    [
        ("SECRET_KEY", True),
        ("DJANGO_SECRET_KEY", True),
        ("JWT_SIGNING_KEY", True),
        ("FIELD_ENCRYPTION_KEY", True),
        ("STRIPE_SECRET_KEY", False),
        ("SECRET_KEY_FILE", False),
        ("SECRET_KEY_PATH", False),
        ("AWS_SECRET_ACCESS_KEY", False),
        ("MAILGUN_API_KEY", False),
    ],
)
def test_a_secret_of_the_site_is_not_one_of_a_service(name: str, own: bool) -> None:
    assert stand_ins.is_own_secret(name) is own
