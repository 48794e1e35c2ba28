"""Secret Manager through googleapiclient."""

from __future__ import annotations

import base64
import stat
from collections.abc import Callable
from typing import Any

import pytest
from fakes.google import GoogleWorld
from fakes.google.checksums import crc32c
from googleapiclient.errors import HttpError

NAME = "projects/jazz-club/secrets/key"


@pytest.fixture
def secrets(client: Callable[[str], Any]) -> Any:
    resource = client("secretmanager.v1").projects().secrets()
    body = {"replication": {"automatic": {}}, "labels": {"app": "site"}}
    made = resource.create(parent="projects/jazz-club", secretId="key", body=body).execute()
    assert made["name"] == "projects/987654321098/secrets/key"
    return resource


def add(secrets: Any, value: bytes) -> Any:
    payload = {"data": base64.b64encode(value).decode()}
    return secrets.addVersion(parent=NAME, body={"payload": payload}).execute()


def test_versions(world: GoogleWorld, secrets: Any) -> None:
    assert add(secrets, b"planted-one")["name"].endswith("/versions/1")
    assert add(secrets, b"planted-two")["state"] == "ENABLED"
    versions = secrets.versions()
    latest = versions.access(name=f"{NAME}/versions/latest").execute()
    assert base64.b64decode(latest["payload"]["data"]) == b"planted-two"
    assert latest["payload"]["dataCrc32c"] == str(crc32c(b"planted-two"))
    assert world.secret(NAME, "1") == b"planted-one"
    versions.destroy(name=f"{NAME}/versions/2", body={}).execute()
    states = [each["state"] for each in versions.list(parent=NAME).execute()["versions"]]
    assert states == ["DESTROYED", "ENABLED"]
    with pytest.raises(HttpError, match="is in DESTROYED state"):
        versions.access(name=f"{NAME}/versions/2").execute()


def test_payloads_lie_apart(world: GoogleWorld, secrets: Any) -> None:
    add(secrets, b"planted-value")
    files = [path for path in world.folder.rglob("*") if path.is_file()]
    holding = [path for path in files if b"planted-value" in path.read_bytes()]
    assert [path.parent.name for path in holding] == ["payloads"]
    assert stat.S_IMODE(holding[0].stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("request_of", "status", "message"),
    [
        (lambda s: s.get(name="projects/jazz-club/secrets/other"), 404, "not found"),
        (lambda s: s.versions().access(name=f"{NAME}/versions/latest"), 404, "not found"),
        (
            lambda s: s.create(
                parent="projects/jazz-club",
                secretId="key",
                body={"replication": {"automatic": {}}},
            ),
            409,
            "already exists",
        ),
        (
            lambda s: s.create(parent="projects/jazz-club", secretId="a", body={}),
            400,
            "must be set",
        ),
        (lambda s: s.patch(name=NAME, body={"labels": {}}), 400, "update_mask must be set"),
        (lambda s: s.patch(name=NAME, body={}, updateMask="label"), 400, "field mask"),
        (
            lambda s: s.addVersion(parent=NAME, body={"payload": {"data": "%"}}),
            400,
            "Base64 decoding failed",
        ),
    ],
)
def test_refused(secrets: Any, request_of: Any, status: int, message: str) -> None:
    with pytest.raises(HttpError, match=message) as refused:
        request_of(secrets).execute()
    assert refused.value.resp.status == status


def test_patched(secrets: Any) -> None:
    body = {"labels": {"app": "other"}}
    secrets.patch(name=NAME, body=body, updateMask="labels").execute()
    assert secrets.get(name=NAME).execute()["labels"] == {"app": "other"}


def test_deleted(world: GoogleWorld, secrets: Any) -> None:
    add(secrets, b"planted-value")
    secrets.delete(name=NAME).execute()
    assert world.secret(NAME) is None
    assert "secrets" not in secrets.list(parent="projects/jazz-club").execute()
