"""Which variables are secrets, which are made up, and which a target answers itself."""

import pytest

from nuages.config.secret_names import is_own
from nuages.config.wiring import wiring


@pytest.mark.parametrize(
    "name",
    [
        "SECRET_KEY",
        "DJANGO_SECRET_KEY",
        "SECRET_KEY_FALLBACKS",
        "HASHIDS_SALT",
        "JWT_SIGNING_KEY",
        "DJANGO_ADMIN_URL",
        "ADMIN_PATH",
        "DB_PASSWORD",
        "POSTGRES_PASSWORD",
        "MYSQL_ROOT_PASSWORD",
        "REDIS_PASSWORD",
        "DJANGO_SUPERUSER_PASSWORD",
    ],
)
def test_keys_and_passwords_of_our_own_are_made_up(name: str) -> None:
    assert is_own(name)


@pytest.mark.parametrize(
    "name",
    [
        "STRIPE_SECRET_KEY",
        "AWS_SECRET_ACCESS_KEY",
        "SENTRY_DSN",
        "EMAIL_HOST_PASSWORD",
        "GITHUB_CLIENT_SECRET",
        "API_KEY",
        "RECAPTCHA_PRIVATE_KEY",
        "OAUTH_SECRET_KEY",
    ],
)
def test_other_peoples_are_not(name: str) -> None:
    assert not is_own(name)


def secrets(shop, settings: str = "", yaml: str = "{}") -> dict[str, bool]:
    return {s.name: s.generated for s in shop.deployment(settings, yaml=yaml).secrets}


OURS = {"DB_PASSWORD": True, "DJANGO_SUPERUSER_PASSWORD": True}


@pytest.mark.parametrize(
    ("settings", "yaml", "expected"),
    [
        ("", "{}", {"DJANGO_SECRET_KEY": True}),
        ("SECRET_KEY = os.environ['SECRET_KEY']\n", "{}", {"SECRET_KEY": True}),
        ("SECRET_KEY = os.environ.get('KEY_OF_SHOP', 'x')\n", "{}", {"KEY_OF_SHOP": True}),
        ("T = os.environ['API_TOKEN']\n", "{}", {"DJANGO_SECRET_KEY": True, "API_TOKEN": False}),
        ("T = os.environ.get('API_TOKEN', '')\n", "{}", {"DJANGO_SECRET_KEY": True}),
        (
            "T = os.environ.get('API_TOKEN', '')\n",
            "secrets: [API_TOKEN, SECRET_KEY]",
            {"SECRET_KEY": True, "API_TOKEN": False},
        ),
        ("", "secrets: {X: {generated: true}}", {"DJANGO_SECRET_KEY": True, "X": True}),
        ("T = os.environ['API_TOKEN']\n", "env_vars: {API_TOKEN: x}", {"DJANGO_SECRET_KEY": True}),
    ],
)
def test_secrets(shop, settings: str, yaml: str, expected: dict[str, bool]) -> None:
    assert secrets(shop, settings, yaml) == OURS | expected


def test_without_a_database_there_is_no_password(shop) -> None:
    assert "DB_PASSWORD" not in secrets(shop, yaml="database: {type: none}")


def test_the_web_does_not_know_the_superusers_password(shop) -> None:
    deployment = shop.deployment()
    assert "DJANGO_SUPERUSER_PASSWORD" not in deployment.web.secrets
    told = {job.name for job in deployment.jobs if "DJANGO_SUPERUSER_PASSWORD" in job.secrets}
    assert told == {"superuser"}


PARTS = """\
DATABASES = {"default": {
    "ENGINE": "django.db.backends.postgresql",
    "NAME": os.environ["POSTGRES_DB"],
    "USER": os.environ["POSTGRES_USER"],
    "PASSWORD": os.environ["POSTGRES_PASSWORD"],
    "HOST": os.environ["POSTGRES_HOST"],
    "PORT": os.environ.get("POSTGRES_PORT", "5432"),
}}
"""


def test_parts_of_the_database_are_wired(shop) -> None:
    assert wiring(shop.inputs(PARTS)) == {
        "POSTGRES_DB": "database.name",
        "POSTGRES_HOST": "database.host",
        "POSTGRES_PASSWORD": "database.password",
        "POSTGRES_PORT": "database.port",
        "POSTGRES_USER": "database.user",
    }
    assert "POSTGRES_PASSWORD" not in secrets(shop, PARTS)


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ("A = os.environ['DATABASE_URL']\n", {"DATABASE_URL": "database.url"}),
        ("A = os.environ['DEFAULT_DATABASE_DSN']\n", {"DEFAULT_DATABASE_DSN": "database.url"}),
        ("A = os.environ.get('REDIS_URL', '')\n", {"REDIS_URL": "cache.url"}),
        ("A = os.environ['REDIS_HOST'] + os.environ['REDIS_PORT']\n",
         {"REDIS_HOST": "cache.host", "REDIS_PORT": "cache.port"}),
        ("A = os.environ['DJANGO_ALLOWED_HOSTS']\n", {"DJANGO_ALLOWED_HOSTS": "site.hosts"}),
        ("A = os.environ['CSRF_TRUSTED_ORIGINS']\n", {"CSRF_TRUSTED_ORIGINS": "site.origins"}),
        ("A = os.environ['DOMAIN']\n", {"DOMAIN": "site.host"}),
        ("A = os.environ['EMAIL_HOST']\n", {}),
    ],
)  # fmt: skip
def test_by_their_names(shop, settings: str, expected: dict[str, str]) -> None:
    assert wiring(shop.inputs(settings)) == expected


def test_what_nuages_yaml_gives_is_not_wired(shop) -> None:
    inputs = shop.inputs("A = os.environ['DOMAIN']\n", yaml="env_vars: {DOMAIN: example.com}")
    assert wiring(inputs) == {}
