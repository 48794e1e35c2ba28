"""What a container finds of Google: its account, its rights, real names with TLS."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from google.oauth2.service_account import Credentials
from googleapiclient.discovery import build

from fakes.google import GoogleWorld
from fakes.google.runtime import ContainerRuntime, tiny
from fakes.google.runtime.registry import Registry
from fakes.google.runtime.tiny import PARENT

pytestmark = [pytest.mark.slow, pytest.mark.docker, pytest.mark.xdist_group("google-runtime")]
EMAIL = "jazz-web@jazz-club.iam.gserviceaccount.com"
SCRIPT = """
import json, urllib.error, urllib.request
AT = "http://metadata.google.internal/computeMetadata/v1/"

def ask(url, data=None, **headers):
    try:
        asked = urllib.request.Request(url, data, headers)
        with urllib.request.urlopen(asked, timeout=10) as answer:
            return [answer.status, answer.read().decode()]
    except urllib.error.HTTPError as refused:
        return [refused.code, refused.read().decode()]

def of(path):
    return ask(AT + path, **{"Metadata-Flavor": "Google"})

token = json.loads(of("instance/service-accounts/default/token")[1])["access_token"]
upload = "https://storage.googleapis.com/upload/storage/v1/b/media/o?uploadType=media&name=song"
print(json.dumps({
    "unflavoured": ask(AT + "project/project-id"),
    "by address": ask("http://169.254.169.254/"),
    "project": of("project/project-id"),
    "region": of("instance/region"),
    "email": of("instance/service-accounts/default/email"),
    "info": of("instance/service-accounts/default/?recursive=true"),
    "stored": ask(upload, b"Nuages", Authorization="Bearer " + token),
}))
"""


@pytest.fixture(scope="module")
def google(registry: Registry, tmp_path_factory: pytest.TempPathFactory) -> Iterator[GoogleWorld]:
    runtime = ContainerRuntime(registry=registry)
    with GoogleWorld(tmp_path_factory.mktemp("google"), runtime=runtime) as world:
        yield world


def api(world: GoogleWorld, name: str, version: str) -> Any:
    settings = world.environment()
    credentials = Credentials.from_service_account_file(
        settings["GOOGLE_APPLICATION_CREDENTIALS"]
    ).with_scopes(["https://www.googleapis.com/auth/cloud-platform"])
    override = settings[f"CLOUDSDK_API_ENDPOINT_OVERRIDES_{name.upper()}"]
    endpoint = {"api_endpoint": override if name != "storage" else f"{override}storage/v1/"}
    return build(
        name, version, credentials=credentials, client_options=endpoint, static_discovery=True
    )


def asked(world: GoogleWorld, image: str) -> dict[str, Any]:
    """What a job answers that runs as that account."""
    run = api(world, "run", "v2").projects().locations()
    container = {"image": image, "command": ["python", "-c", SCRIPT]}
    template = {"containers": [container], "serviceAccount": EMAIL, "maxRetries": 0}
    body = {"template": {"template": template}}
    name = f"{PARENT}/jobs/asks"
    run.jobs().create(parent=PARENT, jobId="asks", body=body).execute()
    started = run.jobs().run(name=name).execute()
    ended = run.operations().wait(name=started["name"], body={"timeout": "60s"}).execute()
    entries = world.runtime.log_entries()
    assert "error" not in ended, "\n".join(entry.get("textPayload", "") for entry in entries)
    run.jobs().delete(name=name).execute()
    return dict([entry["jsonPayload"] for entry in entries if "jsonPayload" in entry][-1])


def test_a_container_is_its_account_and_may_what_that_may(google: GoogleWorld) -> None:
    assert isinstance(google.runtime, ContainerRuntime)
    image = tiny.push(google.runtime)
    storage = api(google, "storage", "v1")
    storage.buckets().insert(project="jazz-club", body={"name": "media"}).execute()
    found = asked(google, image)
    assert found["unflavoured"][0] == 403
    assert found["by address"][0] == 200
    assert found["project"] == [200, "jazz-club"]
    assert found["region"] == [200, "projects/987654321098/regions/europe-west1"]
    assert found["email"] == [200, EMAIL]
    assert json.loads(found["info"][1])["aliases"] == ["default"]
    assert (found["stored"][0], "storage.objects.create" in found["stored"][1]) == (403, True)
    member = {"role": "roles/storage.objectUser", "members": [f"serviceAccount:{EMAIL}"]}
    storage.buckets().setIamPolicy(bucket="media", body={"bindings": [member]}).execute()
    assert asked(google, image)["stored"][0] == 200
    assert storage.objects().get_media(bucket="media", object="song").execute() == b"Nuages"
