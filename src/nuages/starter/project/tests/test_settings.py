"""Production's settings under production's values, each time in a process of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
KEY = "chosen-for-these-tests-long-enough-and-with-many-letters-0123456789"
VALUES = {
    "DJANGO_SETTINGS_MODULE": "config.settings.production",
    "DJANGO_SECRET_KEY": KEY,
    "DATABASE_URL": "postgres://site:secret@database/site",
    "REDIS_URL": "redis://cache:6379/0",
    "DOMAIN": "mysite.example",
    "DOMAIN_ALIASES": "www.mysite.example",
    "EMAIL_URL": "smtp+tls://post:secret@smtp.example:587",
}
ASK = """
import django, json, sys
django.setup()
from django.conf import settings
from django.urls import reverse
found = {name: getattr(settings, name, None) for name in sys.argv[1:]}
print(json.dumps({**found, "admin": reverse("admin:index")}, default=str))
"""


def run(*argv: str, **variables: str) -> subprocess.CompletedProcess[str]:
    clean = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    given = {name: value for name, value in (VALUES | variables).items() if value}
    return subprocess.run(  # noqa: S603
        [sys.executable, *argv], cwd=ROOT, env=clean | given, capture_output=True, text=True
    )


def settings_of(*names: str, **variables: str) -> dict[str, Any]:
    done = run("-c", ASK, *names, **variables)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_django_has_nothing_to_complain_of() -> None:
    done = run("manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


def test_what_the_environment_says_is_what_is_used() -> None:
    names = ("DEBUG", "ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "CACHES", "SESSION_ENGINE")
    found = settings_of(*names, "SECURE_HSTS_SECONDS", "EMAIL_HOST", "MAILERS", "DATABASES")
    assert found["DEBUG"] is False
    assert found["ALLOWED_HOSTS"] == ["mysite.example", "www.mysite.example"]
    assert found["CSRF_TRUSTED_ORIGINS"] == [f"https://{host}" for host in found["ALLOWED_HOSTS"]]
    assert found["CACHES"]["default"]["LOCATION"] == "redis://cache:6379/0"
    assert found["SESSION_ENGINE"].endswith("cached_db")
    assert 0 < found["SECURE_HSTS_SECONDS"] <= 3600  # a year is a later step
    assert found["DATABASES"]["default"]["HOST"] == "database"
    mailer = found["MAILERS"]["default"]["OPTIONS"]["host"] if found["MAILERS"] else None
    assert found["EMAIL_HOST"] == "smtp.example" or mailer == "smtp.example"


def test_without_a_cache_server_sessions_are_in_the_database_only() -> None:
    found = settings_of("CACHES", "SESSION_ENGINE", REDIS_URL="")
    assert "locmem" in found["CACHES"]["default"]["BACKEND"]
    assert found["SESSION_ENGINE"] == "django.contrib.sessions.backends.db"


def test_the_next_steps_of_hsts_are_a_variable_away() -> None:
    names = ("SECURE_HSTS_SECONDS", "SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECURE_HSTS_PRELOAD")
    assert list(settings_of(*names).values())[1:3] == [False, False]
    later = dict(zip(names, ("31536000", "on", "on"), strict=True))
    assert [settings_of(*names, **later)[name] for name in names] == [31536000, True, True]


def test_the_admin_moves() -> None:
    assert settings_of(DJANGO_ADMIN_PATH="/backstage/")["admin"] == "/backstage/"


def test_visitors_behind_a_proxy_have_limits_of_their_own() -> None:
    assert settings_of("REST_FRAMEWORK")["REST_FRAMEWORK"]["NUM_PROXIES"] == 1
    more = settings_of("REST_FRAMEWORK", NUM_PROXIES="2")
    assert more["REST_FRAMEWORK"]["NUM_PROXIES"] == 2


def test_who_else_may_call_the_api() -> None:
    names = ("CORS_ALLOWED_ORIGINS", "CORS_ALLOW_ALL_ORIGINS", "MIDDLEWARE")
    found = settings_of(*names, CORS_ALLOWED_ORIGINS="https://app.example, https://b.example")
    assert found["CORS_ALLOWED_ORIGINS"] == ["https://app.example", "https://b.example"]
    assert not found["CORS_ALLOW_ALL_ORIGINS"]
    order = [path.rpartition(".")[2] for path in found["MIDDLEWARE"]]
    assert order.index("CorsMiddleware") < order.index("WhiteNoiseMiddleware")
    assert order.index("HealthMiddleware") < order.index("SecurityMiddleware")


def test_pages_may_show_what_the_bucket_holds() -> None:
    names = ("CONTENT_SECURITY_POLICY", "STORAGES", "MEDIA_ROOT")
    found = settings_of(*names, DEFAULT_STORAGE_DSN="s3://key:secret@minio.example/bucket")
    images = found["CONTENT_SECURITY_POLICY"]["DIRECTIVES"]["img-src"]
    assert images == ["'self'", "data:", "https://minio.example"]
    assert found["STORAGES"]["default"]["OPTIONS"]["querystring_auth"] is True
    assert found["MEDIA_ROOT"] == ""  # nothing of the bucket's is served by the site


@pytest.mark.parametrize("name", ["DJANGO_SECRET_KEY", "SECRET_KEY"])
def test_the_secret_goes_by_either_name(name: str) -> None:
    keys = {"DJANGO_SECRET_KEY": "", name: KEY}
    assert settings_of("SECRET_KEY", **keys)["SECRET_KEY"] == KEY


def test_without_a_secret_nothing_starts() -> None:
    done = run("-c", ASK, DJANGO_SECRET_KEY="")
    assert done.returncode == 1
    assert "Set the environment variable DJANGO_SECRET_KEY." in done.stderr


def test_errors_go_to_sentry_if_asked() -> None:
    pytest.importorskip("sentry_sdk", reason="uv sync --extra sentry")
    ask = "import django; django.setup(); import sentry_sdk as s; print(s.get_client().dsn)"
    dsn = "https://public@sentry.example/1"
    assert run("-c", ask, SENTRY_DSN=dsn).stdout.strip() == dsn
