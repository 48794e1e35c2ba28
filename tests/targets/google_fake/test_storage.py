"""Storage: googleapiclient, and Terraform's own backend with its lock."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from fakes.google import GoogleWorld
from googleapiclient.errors import HttpError
from googleapiclient.http import MediaIoBaseUpload

BUCKET = "jazz-club-state"
BACKEND = """\
terraform {
  backend "gcs" {
    bucket = "jazz-club-state"
    prefix = "site"
  }
}
resource "terraform_data" "a" {
  input = "one"
}
"""


@pytest.fixture
def storage(client: Callable[[str], Any]) -> Any:
    resource = client("storage.v1")
    body = {"name": BUCKET, "location": "EUROPE-WEST1", "versioning": {"enabled": True}}
    made = resource.buckets().insert(project="jazz-club", body=body).execute()
    assert (made["location"], made["metageneration"]) == ("EUROPE-WEST1", "1")
    return resource


def put(storage: Any, text: str, resumable: bool = False, **query: Any) -> Any:
    media = MediaIoBaseUpload(
        io.BytesIO(text.encode()), "text/plain", chunksize=256 * 1024, resumable=resumable
    )
    body = {"name": "runs/journal"}
    return storage.objects().insert(bucket=BUCKET, body=body, media_body=media, **query).execute()


def test_written_and_read(storage: Any) -> None:
    made = put(storage, "one")
    assert (made["size"], made["contentType"]) == ("3", "text/plain")
    objects = storage.objects()
    assert objects.get(bucket=BUCKET, object="runs/journal").execute() == made
    assert objects.get_media(bucket=BUCKET, object="runs/journal").execute() == b"one"


@pytest.mark.parametrize("size", [10, 700_000])
def test_resumable(storage: Any, size: int) -> None:
    assert put(storage, "a" * size, resumable=True)["size"] == str(size)


def test_preconditions(storage: Any) -> None:
    first = put(storage, "one", ifGenerationMatch=0)
    for wrong in (0, 1):
        with pytest.raises(HttpError, match="pre-conditions") as refused:
            put(storage, "two", ifGenerationMatch=wrong)
        assert refused.value.resp.status == 412
    second = put(storage, "two", ifGenerationMatch=first["generation"])
    remove = storage.objects().delete
    with pytest.raises(HttpError, match="pre-conditions"):
        remove(
            bucket=BUCKET, object="runs/journal", ifGenerationMatch=first["generation"]
        ).execute()
    remove(bucket=BUCKET, object="runs/journal", ifGenerationMatch=second["generation"]).execute()
    with pytest.raises(HttpError, match="No such object"):
        storage.objects().get(bucket=BUCKET, object="runs/journal").execute()


def test_versions(storage: Any) -> None:
    first = put(storage, "one")
    put(storage, "two")
    objects = storage.objects()
    assert len(objects.list(bucket=BUCKET).execute()["items"]) == 1
    assert len(objects.list(bucket=BUCKET, versions=True).execute()["items"]) == 2
    old = objects.get_media(
        bucket=BUCKET, object="runs/journal", generation=first["generation"]
    ).execute()
    assert old == b"one"


def test_prefixes(storage: Any) -> None:
    put(storage, "one")
    listed = storage.objects().list(bucket=BUCKET, delimiter="/").execute()
    assert listed["prefixes"] == ["runs/"]
    listed = storage.objects().list(bucket=BUCKET, prefix="runs/").execute()
    assert [each["name"] for each in listed["items"]] == ["runs/journal"]


def test_buckets_refused(storage: Any) -> None:
    insert = storage.buckets().insert
    for name, status in ((BUCKET, 409), ("Upper", 400), ("my-google-bucket", 400)):
        with pytest.raises(HttpError) as refused:
            insert(project="jazz-club", body={"name": name}).execute()
        assert refused.value.resp.status == status
    with pytest.raises(HttpError, match="Cannot find field"):
        insert(project="jazz-club", body={"name": "a-b", "versioning": {"on": True}}).execute()
    put(storage, "one")
    with pytest.raises(HttpError, match="not empty"):
        storage.buckets().delete(bucket=BUCKET).execute()


def test_read_by_xml_path(world: GoogleWorld, storage: Any) -> None:
    put(storage, "one")
    headers = {"Authorization": f"Bearer {world.tokens.access_token()}"}
    found = httpx.get(f"{world.url}/{BUCKET}/runs/journal", headers=headers)
    assert (found.text, found.headers["x-goog-metageneration"]) == ("one", "1")
    headers["Range"] = "bytes=1-"
    assert httpx.get(f"{world.url}/{BUCKET}/runs/journal", headers=headers).text == "ne"
    assert "NoSuchKey" in httpx.get(f"{world.url}/{BUCKET}/other", headers=headers).text
    assert httpx.get(f"{world.url}/{BUCKET}/runs/journal").status_code == 401


@pytest.mark.slow
def test_terraform_keeps_its_state_there(world: GoogleWorld, storage: Any, tmp_path: Path) -> None:
    if shutil.which("terraform") is None:
        pytest.skip("NO TERRAFORM: its gcs backend was not tried")
    (tmp_path / "main.tf").write_text(BACKEND, "utf-8")

    def terraform(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ("terraform", *words, "-no-color"),
            cwd=tmp_path,
            env={**os.environ, **world.environment()},
            capture_output=True,
            text=True,
            check=False,
        )

    assert terraform("init").returncode == 0
    assert terraform("apply", "-auto-approve").returncode == 0
    objects = storage.objects()
    state = objects.get_media(bucket=BUCKET, object="site/default.tfstate").execute()
    assert json.loads(state)["resources"][0]["type"] == "terraform_data"
    lock = {"ID": "1", "Operation": "OperationTypeApply", "Who": "somebody@else"}
    media = MediaIoBaseUpload(io.BytesIO(json.dumps(lock).encode()), "application/json")
    objects.insert(bucket=BUCKET, name="site/default.tflock", media_body=media).execute()
    held = terraform("apply", "-auto-approve")
    assert held.returncode == 1
    assert "Error acquiring the state lock" in held.stderr
    assert "somebody@else" in held.stderr
    objects.delete(bucket=BUCKET, object="site/default.tflock").execute()
    assert terraform("destroy", "-auto-approve").returncode == 0
