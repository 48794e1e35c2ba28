"""What the generated middleware answers, under WSGI and ASGI, to probes and for uploads."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django_environments import VERSIONS, Django, django, written
from handmade import deployment, overlay
from test_cloud_settings_kinds import PLAIN, URLS, get

from nuages.artifacts.cloud_settings import cloud_settings

pytestmark = pytest.mark.slow

PROBE = {"HTTP_HOST": "10.1.2.3:8000"}
HTTPS = {"HTTP_HOST": "a.example", "HTTP_X_FORWARDED_PROTO": "https"}
MIGRATED = {"DATABASE_URL": "sqlite:///{}/db.sqlite3"}
ASGI = """
import asyncio, json, sys
from django.core.asgi import get_asgi_application

async def get(application, path, headers):
    scope = {"type": "http", "method": "GET", "path": path, "query_string": b"", "headers":
             [(name.encode(), value.encode()) for name, value in headers.items()]}
    sent = []
    queue = asyncio.Queue()
    await queue.put({"type": "http.request", "body": b"", "more_body": False})
    async def send(message):
        sent.append(message)
    await application(scope, queue.get, send)
    body = b"".join(message.get("body", b"") for message in sent)
    return {"status": sent[0]["status"], "text": body.decode()}

async def main():
    application = get_asgi_application()
    return [await get(application, path, headers) for path, headers in json.loads(sys.argv[1])]

print("ANSWER " + json.dumps(asyncio.run(main())))
"""


@pytest.fixture(params=sorted(VERSIONS), scope="module")
def here(request: pytest.FixtureRequest) -> Django:
    return django(request.param)


@pytest.fixture
def folder(here: Django, tmp_path: Path) -> Path:
    made = cloud_settings(
        deployment(overlay=overlay(django=here.version, entry_module="cloud_entry"))
    )
    files = {"mysite____init__": "", "mysite__urls": URLS, "mysite__settings": PLAIN}
    return written(tmp_path, made, **files)


def database(folder: Path) -> dict[str, str]:
    return {"DATABASE_URL": f"sqlite:///{folder}/db.sqlite3"}


def migrate(here: Django, folder: Path) -> None:
    script = (
        "import django; django.setup()\n"
        "from django.core.management import call_command\ncall_command('migrate', verbosity=0)"
    )
    key = {"DJANGO_SECRET_KEY": "given"}
    done = here.run(folder, script, environ=key | database(folder))
    assert done.returncode == 0, done.stderr


def test_liveness_needs_nothing(here: Django, folder: Path) -> None:
    (answer,) = get(here, folder, "cloud_entry", ("/health/live", PROBE))
    assert (answer["status"], json.loads(answer["text"])) == (200, {"status": "ok"})
    assert answer["headers"]["Cache-Control"] == "no-store"


def test_readiness_names_what_is_wrong_and_nothing_else(here: Django, folder: Path) -> None:
    before, *_ = get(here, folder, "cloud_entry", ("/health/", PROBE), **database(folder))
    assert before["status"] == 503
    checks = json.loads(before["text"])["checks"]
    assert checks == {"database:default": "ok", "cache": "ok", "migrations": "error"}
    migrate(here, folder)
    after, again = get(
        here, folder, "cloud_entry", ("/health/", PROBE), ("/health/", PROBE), **database(folder)
    )
    assert (after["status"], again["status"]) == (200, 200)


def test_readiness_with_no_database_configured(here: Django, folder: Path) -> None:
    (answer,) = get(here, folder, "cloud_entry", ("/health/", PROBE))
    assert answer["status"] == 503
    assert json.loads(answer["text"])["checks"]["database:default"] == "error"
    assert "ImproperlyConfigured" not in answer["text"]


def test_pages_have_an_allowed_host_and_https(here: Django, folder: Path) -> None:
    page, foreign, plain = get(
        here, folder, "cloud_entry",
        ("/", HTTPS), ("/", HTTPS | {"HTTP_HOST": "b.example"}), ("/", {"HTTP_HOST": "a.example"}),
    )  # fmt: skip
    assert (page["status"], page["text"]) == (200, "page")
    assert foreign["status"] == 400
    assert plain["status"] == 301
    assert plain["headers"]["Location"] == "https://a.example/"


def test_uploads_are_served_and_never_run(here: Django, folder: Path) -> None:
    media = folder / "uploads"
    (media / "a").mkdir(parents=True)
    (media / "a/page.html").write_text("<script>1</script>")
    (folder / "secret.txt").write_text("secret")
    paths = ("/media/a/page.html", "/media/../secret.txt", "/media/none", "/media/a/")
    found = get(
        here, folder, "cloud_entry", *((path, HTTPS) for path in paths),
        ("/media/a/page.html", HTTPS | {"HTTP_HOST": "b.example"}), MEDIA_ROOT=str(media),
    )  # fmt: skip
    assert [answer["status"] for answer in found] == [200, 400, 404, 404, 400]
    assert "sandbox" in found[0]["headers"]["Content-Security-Policy"]
    assert not any("secret" in answer["text"] for answer in found)


def test_the_same_under_asgi(here: Django, folder: Path) -> None:
    if float(here.version) < 3:
        pytest.skip("Django 2 speaks WSGI only")
    migrate(here, folder)
    (folder / "uploads").mkdir()
    (folder / "uploads/a.txt").write_text("upload")
    https = {"host": "a.example", "x-forwarded-proto": "https"}
    wanted: list[tuple[str, Any]] = [
        ("/health/live", {"host": "10.1.2.3"}), ("/health/", {"host": "10.1.2.3"}),
        ("/", https), ("/", https | {"host": "b.example"}), ("/media/a.txt", https),
    ]  # fmt: skip
    environ = {"DJANGO_SECRET_KEY": "k", "ALLOWED_HOSTS": "a.example", **database(folder)}
    environ["MEDIA_ROOT"] = str(folder / "uploads")
    done = here.run(folder, ASGI, json.dumps(wanted), environ=environ)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.rpartition("ANSWER ")[2])
    assert [answer["status"] for answer in found] == [200, 200, 200, 400, 200]
    assert (found[2]["text"], found[4]["text"]) == ("page", "upload")
