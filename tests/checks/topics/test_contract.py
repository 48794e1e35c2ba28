"""Rules about the settings contract: other spellings, and what must stay silent."""

from __future__ import annotations

import pytest
from clean_site import found

READ = "import os\n"


def messages(rule: str, settings: str, **files: str | None) -> list[str]:
    return [f.message for f in found(rule, {"settings.py": READ + settings, **files})]


# --- booleans ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "settings",
    [
        "DEBUG = os.environ.get('DEBUG', False)",
        "DEBUG = bool(os.environ.get('DEBUG', 'False'))",
        "DEBUG = not os.environ.get('PRODUCTION')",
        "DEBUG = True if os.getenv('DEBUG') else False",
        "def read(name, default=None):\n    return os.environ.get(name, default)\n"
        "DEBUG = read('DEBUG', False)",
        "SECURE_SSL_REDIRECT = env.bool('REDIRECT', default='False')",
        "from decouple import config\nUSE_TZ = config('USE_TZ', default=True)",
        "DATABASES['default']['ATOMIC_REQUESTS'] = os.environ.get('ATOMIC', True)",
        "CLIENT = {'verify': os.environ.get('VERIFY', True)}",
        "if os.environ.get('USE_S3'):\n    MEDIA_URL = 'https://s3.example.com/'",
    ],
)
def test_a_text_that_is_taken_for_a_truth_value(settings: str) -> None:
    assert len(messages("CON002", settings)) == 1


@pytest.mark.parametrize(
    "settings",
    [
        "DEBUG = os.getenv('DEBUG', 'False')\nDEBUG = DEBUG == 'True'",
        "DEBUG = bool(int(os.getenv('DEBUG', '0')))",
        "def flag(name, default=None):\n"
        "    return str(os.environ.get(name, default)).lower() in ('1', 'true')\n"
        "DEBUG = flag('DEBUG', False)",
        "DEBUG = os.environ.get('DEBUG', False) in ('True', True)",
        "DEBUG = env('DEBUG', default=False)",
        "DEBUG = 'DEBUG' in os.environ",
        "if os.environ.get('SENTRY_DSN'):\n    RELEASE = '1'",
        "if os.environ.get('S3_ACCESS_KEY', False):\n    RELEASE = '1'",
    ],
)
def test_a_text_that_is_compared_or_only_asked_for(settings: str) -> None:
    assert messages("CON002", settings) == []


def test_nuages_yaml_says_false_and_the_code_takes_it_for_true() -> None:
    manifest = "domain: shop.example.com\nenv_vars:\n  USE_TLS: 'False'\n"
    settings = f"{READ}EMAIL_USE_SSL = os.environ.get('USE_TLS', True)"
    (finding,) = found("CON002", {"settings.py": settings, "nuages.yaml": manifest})
    assert finding.severity == "error"
    assert "'False'" in finding.message


# --- numbers and lists -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "severity"),
    [
        ("SESSION_COOKIE_AGE = os.environ.get('AGE', '60')", "error"),
        ("SESSION_COOKIE_AGE = os.environ.get('AGE', 60)", "warning"),
        ("CSRF_TRUSTED_ORIGINS = os.environ['ORIGINS']", "error"),
        ("SITE_ID = os.getenv('SITE_ID', 1)", "warning"),
    ],
)
def test_a_text_where_a_number_or_a_list_belongs(settings: str, severity: str) -> None:
    (finding,) = found("CON003", {"settings.py": READ + settings})
    assert finding.severity == severity


def test_a_number_that_is_cast() -> None:
    assert messages("CON003", "SESSION_COOKIE_AGE = int(os.environ.get('AGE', '60'))") == []


@pytest.mark.parametrize(
    ("settings", "severity"),
    [
        ("CORS_ALLOWED_ORIGINS = os.environ.get('CORS', '').split(',')", "error"),
        ("CORS_ALLOWED_ORIGINS = [o.strip() for o in os.getenv('CORS', '').split(',')]", "error"),
        ("ALLOWED_HOSTS = os.environ.get('ALLOWED_HOSTS', '').split(',')", "warning"),
        ("CORS_ALLOWED_ORIGINS = 'https://a.example, https://b.example'.split(',')", "error"),
    ],
)
def test_a_list_with_an_empty_or_a_padded_text(settings: str, severity: str) -> None:
    (finding,) = found("CON004", {"settings.py": READ + settings})
    assert finding.severity == severity


@pytest.mark.parametrize(
    "settings",
    [
        "ORIGINS = os.environ.get('CORS', '').split()",
        "ORIGINS = [part for part in os.environ.get('CORS', '').split(',') if part]",
        "ALLOWED_HOSTS = os.environ.get('ALLOWED_HOSTS', 'shop.example.com').split(',')",
    ],
)
def test_a_list_without_empty_texts(settings: str) -> None:
    assert messages("CON004", settings) == []


def test_hosts_that_only_the_first_request_sees() -> None:
    settings = f"{READ}ALLOWED_HOSTS = map(str.strip, os.environ['HOSTS'].split(','))"
    (finding,) = found("CON005", {"settings.py": settings})
    assert finding.severity == "error"
    assert messages("CON005", "ALLOWED_HOSTS = tuple(map(str, os.environ['H'].split(',')))") == []
