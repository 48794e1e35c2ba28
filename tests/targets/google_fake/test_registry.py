"""Artifact Registry, Service Usage and service accounts through googleapiclient."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from fakes.google import GoogleWorld
from fakes.google.still import StillRuntime
from googleapiclient.errors import HttpError

Client = Callable[[str], Any]
PARENT = "projects/jazz-club/locations/europe-west1"


def waited(get: Callable[..., Any], operation: Any) -> Any:
    assert not operation.get("done")
    for _ in range(100):
        found = get(name=operation["name"]).execute()
        if found.get("done"):
            return found
        time.sleep(0.02)
    raise AssertionError(operation)


def test_repository(world: GoogleWorld, client: Client) -> None:
    locations = client("artifactregistry.v1").projects().locations()
    repositories = locations.repositories()
    policy = {"id": "old", "action": "DELETE", "condition": {"olderThan": "2592000s"}}
    body = {"format": "DOCKER", "cleanupPolicies": {"old": policy}}
    operation = repositories.create(parent=PARENT, repositoryId="site", body=body).execute()
    made = waited(locations.operations().get, operation)["response"]
    found = repositories.get(name=f"{PARENT}/repositories/site").execute()
    assert found["registryUri"] == "europe-west1-docker.pkg.dev/jazz-club/site"
    assert found["cleanupPolicies"] == {"old": policy}
    assert made["name"] == found["name"]
    with pytest.raises(HttpError, match="already exists"):
        repositories.create(parent=PARENT, repositoryId="site", body=body).execute()
    assert isinstance(world.runtime, StillRuntime)
    world.runtime.docker_images = [{"name": f"{found['name']}/dockerImages/web@sha256:0"}]
    images = repositories.dockerImages().list(parent=found["name"]).execute()
    assert images["dockerImages"] == world.runtime.docker_images


def test_apis(client: Client) -> None:
    usage = client("serviceusage.v1")
    names = ["run.googleapis.com", "sqladmin.googleapis.com"]
    body = {"serviceIds": names}
    operation = usage.services().batchEnable(parent="projects/jazz-club", body=body).execute()
    waited(usage.operations().get, operation)
    listed = usage.services().list(parent="projects/jazz-club", filter="state:ENABLED").execute()
    assert [each["config"]["name"] for each in listed["services"]] == names
    name = "projects/jazz-club/services/redis.googleapis.com"
    assert usage.services().get(name=name).execute()["state"] == "DISABLED"
    many = {"serviceIds": [f"a{index}.googleapis.com" for index in range(21)]}
    with pytest.raises(HttpError, match="at most 20"):
        usage.services().batchEnable(parent="projects/jazz-club", body=many).execute()


def test_accounts(world: GoogleWorld, client: Client) -> None:
    accounts = client("iam.v1").projects().serviceAccounts()
    body = {"accountId": "site-web", "serviceAccount": {"displayName": "The web service"}}
    made = accounts.create(name="projects/jazz-club", body=body).execute()
    assert made["email"] == "site-web@jazz-club.iam.gserviceaccount.com"
    assert accounts.get(name=made["name"]).execute()["displayName"] == "The web service"
    tokens = client("iamcredentials.v1").projects().serviceAccounts()
    token = tokens.generateIdToken(
        name=f"projects/-/serviceAccounts/{made['email']}", body={"audience": "https://a"}
    ).execute()["token"]
    claims = world.identity(token)
    assert claims is not None
    assert (claims["aud"], claims["email"]) == ("https://a", made["email"])
