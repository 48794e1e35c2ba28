"""What load balancers and monitors are told."""

from types import SimpleNamespace

import pytest
from asgiref.sync import async_to_sync
from django.core.files.storage import default_storage
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import AsyncClient, Client

from apps.core import health


@pytest.fixture(autouse=True)
def nothing_passed_yet() -> None:
    health._passed.clear()


def broken(*args: object, **options: object) -> None:
    raise OSError("a password that nobody should read")


def test_all_is_well(client: Client, db: None) -> None:
    page = client.get("/health/")
    checks = {"database": "ok", "cache": "ok", "storage": "ok", "migrations": "ok"}
    assert (page.status_code, page.json()) == (200, {"status": "ok", "checks": checks})
    assert page.headers["Cache-Control"] == "no-store"
    assert default_storage.listdir("health") == ([], [])  # the probe's file is gone


@pytest.mark.parametrize("path", ["/health/", "/health/live"])
def test_probes_come_by_address_and_without_https(client: Client, db, settings, path: str) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.ALLOWED_HOSTS = ["mysite.example"]
    assert client.get(path, headers={"host": "10.0.0.7:8000"}).status_code == 200
    assert client.get("/", headers={"host": "10.0.0.7:8000"}).status_code == 400
    assert client.get("/", headers={"host": "mysite.example"}).status_code == 301


AWAY = SimpleNamespace(cursor=broken, close=lambda: None, set=broken, save=broken)


@pytest.mark.parametrize(
    ("name", "part"),
    [("database", "connection"), ("cache", "cache"), ("storage", "default_storage")],
)
def test_what_is_broken_is_named_and_nothing_more(
    client: Client, db: None, monkeypatch, name: str, part: str
) -> None:
    monkeypatch.setattr(health, part, AWAY)
    page = client.get("/health/")
    assert (page.status_code, page.json()["checks"][name]) == (503, "error")
    assert "password" not in page.content.decode()
    assert client.get("/health/live").json() == {"status": "ok"}  # restarting would not help


def test_a_migration_that_waits(client: Client, db: None) -> None:
    MigrationRecorder(connection).record_unapplied("users", "0001_initial")
    assert client.get("/health/").json()["checks"]["migrations"] == "error"
    MigrationRecorder(connection).record_applied("users", "0001_initial")
    assert client.get("/health/").json()["checks"]["migrations"] == "ok"


@pytest.mark.django_db(transaction=True)
def test_under_asgi() -> None:
    get = async_to_sync(AsyncClient().get)
    assert get("/health/live").json() == {"status": "ok"}
    assert get("/health/").json()["checks"]["cache"] == "ok"
