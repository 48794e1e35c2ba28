"""Rules about the settings contract: other spellings, and what must stay silent."""

from __future__ import annotations

import pytest
from clean_site import found
from contract_site import READ, messages


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
        "SECURE_SSL_REDIRECT = bool(env('REDIRECT', default='1'))",
        "def on(name):\n    return bool(os.getenv(name, 'False'))\nSEARCH = on('SEARCH')",
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
        "env = environ.Env(USE_TZ=(bool, True))\nUSE_TZ = bool(env('USE_TZ'))",
        "DEBUG = 'DEBUG' in os.environ",
        "SENTRY = bool(os.environ.get('SENTRY_DSN'))",
        "SEARCH = not env.bool('DISABLE_SEARCH', default=False)",
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
