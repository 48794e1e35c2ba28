"""A new project, deployed with a cache server and without: all that it needs is there."""

from __future__ import annotations

import html
import re
import struct
import zlib
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from fakes.google import GoogleWorld
from fakes.google.kinds import BUCKET
from fakes.google.runtime import ContainerRuntime
from google.oauth2.service_account import Credentials
from googleapiclient.discovery import build

from release.shop import EMAIL, PLACE, Shop, posted

pytestmark = [pytest.mark.slow, pytest.mark.docker, pytest.mark.xdist_group("release")]

# What Google's own libraries ask by the way, and do without where they may not.
DONE_WITHOUT = {
    "storage.buckets.get",
    "iamcredentials.projects.serviceAccounts.getAllowedLocations",
}


@pytest.fixture(scope="module", params=[False, True], ids=["alone", "with a cache"])
def shop(
    request: pytest.FixtureRequest, cloud: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Shop]:
    folder = tmp_path_factory.mktemp("shop")
    with GoogleWorld(folder / "world", "jazz-1910", ContainerRuntime()) as world:
        made = Shop.new(folder / "site", world, cached=request.param)
        made.nuages("deploy")
        yield made


def run_job(world: GoogleWorld, job: str, **variables: str) -> Any:
    """What Google says of an execution with these variables besides its own."""
    settings = world.environment()
    credentials = Credentials.from_service_account_file(
        settings["GOOGLE_APPLICATION_CREDENTIALS"],
        scopes=["https://www.googleapis.com/auth/cloud-platform"],
    )
    endpoint = {"api_endpoint": settings["CLOUDSDK_API_ENDPOINT_OVERRIDES_RUN"]}
    api = build("run", "v2", credentials=credentials, client_options=endpoint)
    run = api.projects().locations()
    env = [{"name": name, "value": value} for name, value in variables.items()]
    body = {"overrides": {"containerOverrides": [{"env": env}]}}
    started = run.jobs().run(name=f"{PLACE}/jobs/{job}", body=body).execute()
    return run.operations().wait(name=started["name"], body={"timeout": "120s"}).execute()


def picture() -> bytes:
    """A PNG of two by two pixels."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        checked = kind + content
        return struct.pack(">I", len(content)) + checked + struct.pack(">I", zlib.crc32(checked))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 2, 2, 8, 2, 0, 0, 0))
    rows = zlib.compress((b"\0" + b"\x1d\x9a\x8a" * 2) * 2)
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def test_all_that_it_needs_is_there(shop: Shop) -> None:
    answer = shop.visitor().get("/health/")
    assert answer.status_code == 200
    assert set(answer.json()["checks"].values()) == {"ok"}
    assert isinstance(shop.world.runtime, ContainerRuntime)
    servers = shop.world.runtime.docker.owned("cache")
    assert len(servers) == int("optional: false" in (shop.root / "nuages.yaml").read_text())


def test_its_account_may_what_it_needs_and_no_more(shop: Shop) -> None:
    shop.visitor().get("/health/")
    refused = {each.method for each in shop.world.log if each.status == 403}
    assert refused <= DONE_WITHOUT
    token = shop.world.tokens.access_token("shop-web@jazz-1910.iam.gserviceaccount.com")
    client = httpx.Client(headers={"Authorization": f"Bearer {token}"})
    files = "storage.googleapis.com/storage/v1/b/{}/o"
    secret = "secretmanager.googleapis.com/v1/projects/jazz-1910/secrets/{}/versions/latest:access"
    (state,) = set(shop.world.resources.names(BUCKET)) - {shop.bucket}
    asked = {
        files.format(shop.bucket): 200,
        files.format(state): 403,
        secret.format("shop-django-secret-key"): 200,
        secret.format("shop-db-admin-password"): 403,
        f"run.googleapis.com/v2/{PLACE}/services": 403,
    }
    found = {path: client.get(f"{shop.world.url}/{path}").status_code for path in asked}
    assert found == asked


def test_a_picture_goes_to_the_bucket_and_is_shown_by_a_signed_link(shop: Shop) -> None:
    made = run_job(shop.world, "shop-superuser", DJANGO_SUPERUSER_EMAIL=EMAIL)
    assert "error" not in made, shop.world.runtime.log_entries()
    visitor = shop.visitor()
    posted(visitor, "/accounts/login/", {"username": EMAIL, "password": shop.password()})
    files = {"avatar": ("me.png", picture(), "image/png")}
    page = posted(visitor, "/accounts/profile/", {"name": "Django", "bio": ""}, files=files)
    (link, *_) = re.findall(r'<img class="avatar[^"]*" src="([^"]+)"', page)
    assert link.startswith(f"https://storage.googleapis.com/{shop.bucket}/")
    shown = visitor.get(html.unescape(link))
    assert (shown.status_code, shown.headers["Content-Type"]) == (200, "image/webp")
    assert (shown.content[:4], shown.content[8:12]) == (b"RIFF", b"WEBP")
    bare = visitor.get(html.unescape(link).partition("?")[0])
    assert bare.status_code == 401
