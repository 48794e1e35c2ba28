"""What a site's own account may do, and what the links that it signs are good for."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

import httpx
import pytest
from fakes.google import GoogleWorld

EMAIL = "jazz-web@jazz-club.iam.gserviceaccount.com"
ACCOUNT = f"projects/jazz-club/serviceAccounts/{EMAIL}"
MEMBER = f"serviceAccount:{EMAIL}"
UPLOAD = "/storage.googleapis.com/upload/storage/v1/b/media/o?uploadType=media&name=a%20song"
HOST = "storage.googleapis.com"


class Account:
    """Asks the world with the token that its metadata server would give."""

    def __init__(self, world: GoogleWorld) -> None:
        token = world.tokens.access_token(EMAIL)
        self.client = httpx.Client(base_url=world.url, headers={"Authorization": f"Bearer {token}"})

    def put(self, text: str = "Nuages") -> httpx.Response:
        return self.client.post(UPLOAD, content=text)

    def sign(self, content: bytes) -> httpx.Response:
        path = f"/iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/{EMAIL}:signBlob"
        return self.client.post(path, json={"payload": base64.b64encode(content).decode()})

    def link(self, name: str, age: int = 0, **further: str) -> tuple[str, str]:
        """The path and query of a signed URL, as google-cloud-storage makes it."""
        at = (datetime.now(UTC) - timedelta(seconds=age)).strftime("%Y%m%dT%H%M%SZ")
        scope = f"{at[:8]}/auto/storage/goog4_request"
        asked = {
            "X-Goog-Algorithm": "GOOG4-RSA-SHA256",
            "X-Goog-Credential": f"{EMAIL}/{scope}",
            "X-Goog-Date": at,
            "X-Goog-Expires": "600",
            "X-Goog-SignedHeaders": "host",
            **further,
        }
        query = urlencode(sorted(asked.items()), quote_via=quote, safe="~")
        path = f"/media/{quote(name)}"
        request = f"GET\n{path}\n{query}\nhost:{HOST}\n\nhost\nUNSIGNED-PAYLOAD"
        digest = hashlib.sha256(request.encode()).hexdigest()
        signed = self.sign(f"GOOG4-RSA-SHA256\n{at}\n{scope}\n{digest}".encode()).json()
        return path, f"{query}&X-Goog-Signature={base64.b64decode(signed['signedBlob']).hex()}"


@pytest.fixture
def account(world: GoogleWorld, client: Any) -> Account:
    client("storage.v1").buckets().insert(project="jazz-club", body={"name": "media"}).execute()
    accounts = client("iam.v1").projects().serviceAccounts()
    accounts.create(name="projects/jazz-club", body={"accountId": "jazz-web"}).execute()
    return Account(world)


def grant(client: Any, role: str) -> None:
    policy = {"bindings": [{"role": role, "members": [MEMBER]}]}
    client("storage.v1").buckets().setIamPolicy(bucket="media", body=policy).execute()


def may_sign(client: Any) -> None:
    binding = {"role": "roles/iam.serviceAccountTokenCreator", "members": [MEMBER]}
    accounts = client("iam.v1").projects().serviceAccounts()
    accounts.setIamPolicy(resource=ACCOUNT, body={"policy": {"bindings": [binding]}}).execute()


def fetched(world: GoogleWorld, link: tuple[str, str]) -> httpx.Response:
    return httpx.get(f"{world.url}/{HOST}{link[0]}?{link[1]}", headers={"Host": HOST})


def test_an_account_has_the_rights_of_its_roles_only(client: Any, account: Account) -> None:
    refused = account.put()
    assert refused.status_code == 403
    message = refused.json()["error"]["message"]
    assert message.startswith(f"{EMAIL} does not have storage.objects.create access")
    grant(client, "roles/storage.objectCreator")
    assert account.put().status_code == 200
    again = account.put()
    assert (again.status_code, "storage.objects.delete" in again.text) == (403, True)
    grant(client, "roles/storage.objectUser")
    assert account.put().status_code == 200
    services = "/run.googleapis.com/v2/projects/jazz-club/locations/europe-west1/services"
    assert account.client.get(services).status_code == 403


def test_who_may_not_sign_gets_no_signature(client: Any, account: Account) -> None:
    assert account.sign(b"x").status_code == 403
    may_sign(client)
    assert account.sign(b"x").status_code == 200


def test_a_signed_link_is_good_for_what_was_signed(
    world: GoogleWorld, client: Any, account: Account
) -> None:
    grant(client, "roles/storage.objectUser")
    may_sign(client)
    assert account.put().status_code == 200
    path, query = account.link("a song", **{"response-content-type": "text/html"})
    found = fetched(world, (path, query))
    assert (found.status_code, found.text) == (200, "Nuages")
    assert found.headers["Content-Type"] == "text/html"
    for changed in (("/media/another", query), (path, query.replace("600", "700"))):
        refused = fetched(world, changed)
        assert (refused.status_code, "SignatureDoesNotMatch" in refused.text) == (403, True)
    old = fetched(world, account.link("a song", age=601))
    assert (old.status_code, "ExpiredToken" in old.text) == (400, True)
    assert httpx.get(f"{world.url}/{HOST}{path}").status_code == 401


def test_a_link_lends_no_more_than_its_signer_has(
    world: GoogleWorld, client: Any, account: Account
) -> None:
    grant(client, "roles/storage.objectUser")
    may_sign(client)
    account.put()
    link = account.link("a song")
    grant(client, "roles/storage.objectCreator")
    refused = fetched(world, link)
    assert (refused.status_code, "AccessDenied" in refused.text) == (403, True)


def test_what_all_may_read_needs_no_token(
    world: GoogleWorld, client: Any, account: Account
) -> None:
    grant(client, "roles/storage.objectUser")
    account.put()
    binding = {"role": "roles/storage.objectViewer", "members": ["allUsers"]}
    body = {"bindings": [binding]}
    client("storage.v1").buckets().setIamPolicy(bucket="media", body=body).execute()
    assert httpx.get(f"{world.url}/{HOST}/media/a%20song").text == "Nuages"
