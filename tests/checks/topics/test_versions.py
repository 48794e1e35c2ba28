"""Rules about what the installed Django ignores or refuses."""

from __future__ import annotations

import pytest
from clean_site import found

CSS = "whitenoise.storage.CompressedManifestStaticFilesStorage"


@pytest.mark.parametrize(
    ("django", "ignored"),
    [
        ("django==5.1", True),
        ("django>=5.1,<6", True),
        ("django~=5.2", True),
        ("django==5.0.14", False),
        ("django>=4.2", False),
        ("django", False),
    ],
)
def test_a_storage_setting_is_ignored_where_it_is_certain(django: str, ignored: bool) -> None:
    files = {"requirements.txt": f"{django}\n", "settings.py": f"STATICFILES_STORAGE = '{CSS}'"}
    assert bool(found("VER001", files)) is ignored


def test_both_spellings_are_refused_from_4_2_to_5_0() -> None:
    setting = "DEFAULT_FILE_STORAGE = 'storages.backends.s3boto3.S3Boto3Storage'"
    for version, refused in {"4.2.16": True, "5.0.1": True, "5.1": False, "3.2": False}.items():
        files = {"requirements.txt": f"django=={version}\n", "settings.py": setting}
        assert bool(found("VER002", files)) is refused, version


def test_each_removed_setting_is_named_with_what_to_write() -> None:
    (finding,) = found("VER003", {"settings.py": "PASSWORD_RESET_TIMEOUT_DAYS = 1"})
    assert "went with 4.0" in finding.message
    assert "PASSWORD_RESET_TIMEOUT" in finding.fix


@pytest.mark.parametrize(
    ("django", "early"),
    [("django==5.2.8", True), ("django<6", True), ("django==6.0", False), ("django>=5", False)],
)
def test_a_setting_of_a_later_release(django: str, early: bool) -> None:
    files = {"requirements.txt": f"{django}\n", "settings.py": "SECURE_CSP = {}"}
    assert bool(found("VER005", files)) is early


def test_settings_for_two_releases_stand_beside_each_other() -> None:
    both = "SECURE_CSP = {}\nCONTENT_SECURITY_POLICY = {'DIRECTIVES': {}}"
    assert not found("VER005", {"requirements.txt": "django==5.2.8\n", "settings.py": both})


def test_options_in_capitals_belong_to_django_redis() -> None:
    option = "CACHES['default']['OPTIONS'] = {'IGNORE_EXCEPTIONS': True}"
    assert found("VER006", {"settings.py": option})
    foreign = f"{option}\nCACHES['default']['BACKEND'] = 'django_redis.cache.RedisCache'"
    assert not found("VER006", {"settings.py": foreign})


@pytest.mark.parametrize(
    ("django", "line", "missing"),
    [
        ("5.2.8", "PASSWORD_HASHERS = ['django.contrib.auth.hashers.SHA1PasswordHasher']", True),
        ("5.0.1", "PASSWORD_HASHERS = ['django.contrib.auth.hashers.SHA1PasswordHasher']", False),
        ("3.2.25", "", True),  # the built-in RedisCache came with 4.0
        ("4.0.10", "", False),
        # Django still takes this name for the new one (django/db/utils.py, load_backend).
        ("4.2.1", "DATABASES['default']['ENGINE'] = "
         "'django.db.backends.postgresql_psycopg2'", False),
        ("5.2.8", "MIDDLEWARE += "
         "['django.middleware.csp.ContentSecurityPolicyMiddleware']", True),
        ("6.0", "MIDDLEWARE += "
         "['django.middleware.csp.ContentSecurityPolicyMiddleware']", False),
    ],
)  # fmt: skip
def test_classes_of_other_releases(django: str, line: str, missing: bool) -> None:
    files = {"requirements.txt": f"django=={django}\n", "settings.py": line}
    assert bool(found("VER007", files)) is missing


def test_the_image_counts_as_well() -> None:
    files = {
        "requirements.txt": "django==4.2.16\n",
        ".python-version": None,
        "Dockerfile": 'FROM python:3.13-slim\nUSER 2000\nCMD ["gunicorn", "shop.wsgi"]\n',
    }
    (finding,) = found("VER010", files)
    assert (finding.location.path, finding.location.line) == ("Dockerfile", 1)
