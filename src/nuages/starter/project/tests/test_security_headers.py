"""What production tells browsers: in a process of its own, with production's settings."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
ASK = """
import django, json
django.setup()
from django.conf import settings
from django.core.management import call_command
from django.test import Client
call_command("collectstatic", interactive=False, verbosity=0)
call_command("migrate", verbosity=0)
from apps.users.models import User
User.objects.create_user("ana@example.org", "chosen-for-these-tests")
client = Client(headers={"host": "mysite.example"}, enforce_csrf_checks=True)
plain = client.get("/accounts/login/")
page = client.get("/accounts/login/", secure=True)
answer = {"username": "ana@example.org", "password": "chosen-for-these-tests",
    "csrfmiddlewaretoken": client.cookies[settings.CSRF_COOKIE_NAME].value}
login = client.post("/accounts/login/", answer, secure=True,
    headers={"referer": "https://mysite.example/"})
foreign = client.post("/accounts/login/", answer, secure=True,
    headers={"referer": "https://evil.example/"})
docs = client.get("/api/v1/docs/", secure=True)
wrong = client.get("/", secure=True, headers={"host": "evil.example"})
print(json.dumps({
    "plain": [plain.status_code, plain.get("Location")],
    "page": dict(page.headers),
    "docs": dict(docs.headers),
    "login": login.status_code,
    "foreign": foreign.status_code,
    "wrong host": wrong.status_code,
    "cookies": {
        "session": dict(client.cookies[settings.SESSION_COOKIE_NAME]),
        "csrf": dict(client.cookies[settings.CSRF_COOKIE_NAME]),
    },
}))
"""


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    place = tmp_path_factory.mktemp("production")
    clean = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    variables = {
        **clean,
        "DJANGO_SETTINGS_MODULE": "config.settings.production",
        "DJANGO_SECRET_KEY": "chosen-for-these-tests-long-enough-and-with-many-letters-0123456789",
        "DATABASE_URL": f"sqlite:///{place / 'db.sqlite3'}",
        "DOMAIN": "mysite.example",
        "ALLOWED_HOSTS": "mysite.example",
        "STATIC_ROOT": str(place / "static"),
        "MEDIA_ROOT": str(place / "media"),
    }
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", ASK], cwd=ROOT, env=variables, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_only_https(found: dict[str, Any]) -> None:
    assert found["plain"] == [301, "https://mysite.example/accounts/login/"]
    assert int(found["page"]["Strict-Transport-Security"].split("max-age=")[1].split(";")[0]) > 0


@pytest.mark.parametrize("page", ["page", "docs"])
def test_headers(found: dict[str, Any], page: str) -> None:
    headers = found[page]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"  # links with a token stay here
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "base-uri 'none'" in policy
    assert "form-action 'self'" in policy
    assert "object-src 'none'" in policy
    assert "unsafe" not in policy
    assert "*" not in policy


def test_pages_with_forms_are_not_kept(found: dict[str, Any]) -> None:
    assert "no-store" in found["page"]["Cache-Control"]


def test_cookies(found: dict[str, Any]) -> None:
    session, csrf = found["cookies"]["session"], found["cookies"]["csrf"]
    assert (session["secure"], session["httponly"], session["samesite"]) == (True, True, "Lax")
    assert (csrf["secure"], csrf["samesite"]) == (True, "Lax")
    assert session["domain"] == csrf["domain"] == ""


def test_who_may_send_forms(found: dict[str, Any]) -> None:
    assert found["login"] == 302
    assert found["foreign"] == 403
    assert found["wrong host"] == 400
