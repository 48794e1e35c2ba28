"""Where uploads and static files go, by each variable, read back from a real Django."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django_environments import Django, written
from handmade import deployment, overlay
from plain_site import KEY, PROJECT, ask

from nuages.artifacts.cloud_settings import cloud_settings

pytestmark = pytest.mark.slow

STORAGE = """
import json
from django.core.files.storage import default_storage as s
print("ANSWER " + json.dumps({"kind": type(s._wrapped if s.url else 0).__name__, **{
    n: getattr(s, n, None) for n in ("bucket_name", "region_name", "endpoint_url", "access_key",
    "secret_key", "querystring_auth", "file_overwrite", "location", "custom_domain",
    "iam_sign_blob")}}, default=str))
"""


def storage(here: Django, site: Path, **environ: str) -> dict[str, Any]:
    done = here.run(site, STORAGE, environ=KEY | environ)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.rpartition("ANSWER ")[2])
    return found


@pytest.mark.parametrize(
    ("dsn", "expected"),
    [
        ("s3://uploads", {"bucket_name": "uploads"}),
        ("s3://k:s%2F1@uploads.s3.amazonaws.com/",
         {"bucket_name": "uploads", "access_key": "k", "secret_key": "s/1", "endpoint_url": None}),
        ("s3://k:s@uploads.s3.eu-west-1.amazonaws.com/?domain=cdn.example",
         {"bucket_name": "uploads", "region_name": "eu-west-1", "custom_domain": "cdn.example"}),
        ("s3://k:s@minio.example:9000/uploads?region=x&tls=off",
         {"bucket_name": "uploads", "endpoint_url": "http://minio.example:9000"}),
    ],
)  # fmt: skip
def test_uploads_to_s3_by_dsn(here: Django, site: Path, dsn: str, expected: dict[str, Any]) -> None:
    found = storage(here, site, DEFAULT_STORAGE_DSN=dsn)
    assert "S3" in found["kind"]
    assert {name: found[name] for name in expected} == expected
    assert found["file_overwrite"] is False
    assert found["querystring_auth"] is ("domain" not in dsn)


def test_uploads_to_s3_by_name(here: Django, site: Path) -> None:
    found = storage(here, site, AWS_STORAGE_BUCKET_NAME="b", AWS_S3_REGION="eu-west-1")
    assert (found["bucket_name"], found["region_name"]) == ("b", "eu-west-1")


def test_uploads_to_a_folder_by_dsn(here: Django, site: Path) -> None:
    dsn = "file:///data/media/?url=%2Fuploads%2F"
    found = ask(here, site, "MEDIA_ROOT", "MEDIA_URL", DEFAULT_STORAGE_DSN=dsn)
    assert found["MEDIA_ROOT"].rstrip("/") == "/data/media"
    assert found["MEDIA_URL"] == "/uploads/"


@pytest.mark.parametrize("name", ["GCS_BUCKET_NAME", "MEDIA_BUCKET"])
def test_uploads_to_cloud_storage_by_name(here: Django, site: Path, name: str) -> None:
    names = ("STORAGES", "DEFAULT_FILE_STORAGE", "GS_BUCKET_NAME", "GS_IAM_SIGN_BLOB")
    found = ask(here, site, *names, **{name: "b"})
    if float(here.version) >= 4.2:
        default = found["STORAGES"]["default"]
        assert default["BACKEND"].endswith("GoogleCloudStorage")
        assert (default["OPTIONS"]["bucket_name"], default["OPTIONS"]["iam_sign_blob"]) == (
            "b",
            True,
        )
    else:
        assert found["DEFAULT_FILE_STORAGE"].endswith("GoogleCloudStorage")
        assert (found["GS_BUCKET_NAME"], found["GS_IAM_SIGN_BLOB"]) == ("b", True)


OLD_STORES = """
STATICFILES_STORAGE = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
DEFAULT_FILE_STORAGE = "mysite.stores.Own"
"""


def test_names_that_django_refuses_beside_storages_are_taken_over(
    here: Django, tmp_path: Path
) -> None:
    """Django 4.2 to 5.0 raise ImproperlyConfigured where both are set; older ones know one only."""
    made = cloud_settings(deployment(overlay=overlay(django=here.version, whitenoise=True)))
    texts = {"mysite____init__": "", "mysite__settings": PROJECT + OLD_STORES}
    site = written(tmp_path, made, mysite__urls="urlpatterns = []\n", **texts)
    series = tuple(int(part) for part in here.version.split("."))
    if (4, 2) <= series < (5, 1):
        found = ask(here, site, "STORAGES", LOG_FORMAT="text")["STORAGES"]
        assert found["default"]["BACKEND"] == "mysite.stores.Own"
        assert found["staticfiles"]["BACKEND"].endswith(".static.StaticStorage")
    elif series < (4, 2):
        found = ask(here, site, "STATICFILES_STORAGE")
        assert found["STATICFILES_STORAGE"].endswith(".static.StaticStorage")
