"""Tokens, the project and its billing, asked by Google's own client."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import google.auth.transport.requests
import pytest
from fakes.google import GoogleWorld
from google.auth.exceptions import RefreshError
from google.oauth2 import service_account
from googleapiclient.errors import HttpError

Client = Callable[[str], Any]


def test_identity_tokens(world: GoogleWorld) -> None:
    path = world.environment()["GOOGLE_APPLICATION_CREDENTIALS"]
    account = service_account.IDTokenCredentials.from_service_account_file(
        path, target_audience="https://web.example"
    )
    account.refresh(google.auth.transport.requests.Request())
    claims = world.identity(account.token)
    assert claims is not None
    assert claims["aud"] == "https://web.example"
    assert claims["email"] == "deployer@jazz-club.iam.gserviceaccount.com"
    assert world.identity(account.token[:-4] + "AAAA") is None


def test_another_key_gets_no_token(world: GoogleWorld, tmp_path: Any) -> None:
    with GoogleWorld(tmp_path / "other", own_key=True) as other:
        path = other.environment()["GOOGLE_APPLICATION_CREDENTIALS"]
        account = service_account.Credentials.from_service_account_file(path, scopes=["a"])
        account = account.with_token_uri(world.tokens.url)
        with pytest.raises(RefreshError):
            account.refresh(google.auth.transport.requests.Request())


def test_project(client: Client) -> None:
    projects = client("cloudresourcemanager.v3").projects()
    assert projects.get(name="projects/jazz-club").execute()["name"] == "projects/987654321098"
    first = client("cloudresourcemanager.v1").projects()
    assert first.get(projectId="jazz-club").execute()["projectNumber"] == "987654321098"
    with pytest.raises(HttpError, match="may not exist") as refused:
        projects.get(name="projects/other").execute()
    assert refused.value.resp.status == 403


def test_permissions(world: GoogleWorld, client: Client) -> None:
    world.denied_permissions.add("run.services.create")
    asked = ["run.services.create", "run.services.get"]
    answer = (
        client("cloudresourcemanager.v3")
        .projects()
        .testIamPermissions(resource="projects/jazz-club", body={"permissions": asked})
        .execute()
    )
    assert answer == {"permissions": ["run.services.get"]}


def test_billing(world: GoogleWorld, client: Client) -> None:
    projects = client("cloudbilling.v1").projects()
    assert projects.getBillingInfo(name="projects/jazz-club").execute()["billingEnabled"]
    world.billing_account = ""
    assert not projects.getBillingInfo(name="projects/jazz-club").execute()["billingEnabled"]
