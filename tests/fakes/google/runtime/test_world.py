"""The runtime behind the APIs: a release as a client of Google sees it."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from google.oauth2.service_account import Credentials
from googleapiclient.discovery import build

from fakes.google import GoogleWorld
from fakes.google.kinds import REDIS
from fakes.google.runtime import ContainerRuntime, tiny
from fakes.google.runtime.registry import Registry
from fakes.google.runtime.tiny import PARENT, SERVICE, variable

pytestmark = [pytest.mark.slow, pytest.mark.docker, pytest.mark.xdist_group("google-runtime")]
SCOPE = "https://www.googleapis.com/auth/cloud-platform"
Json = dict[str, Any]


@pytest.fixture(scope="module")
def google(registry: Registry, tmp_path_factory: pytest.TempPathFactory) -> Iterator[GoogleWorld]:
    runtime = ContainerRuntime(registry=registry)
    with GoogleWorld(tmp_path_factory.mktemp("google"), runtime=runtime) as world:
        yield world


@pytest.fixture(scope="module")
def pushed(google: GoogleWorld) -> str:
    assert isinstance(google.runtime, ContainerRuntime)
    return tiny.push(google.runtime)


@pytest.fixture(scope="module")
def run(google: GoogleWorld) -> Any:
    settings = google.environment()
    credentials = Credentials.from_service_account_file(
        settings["GOOGLE_APPLICATION_CREDENTIALS"], scopes=[SCOPE]
    )
    endpoint = {"api_endpoint": settings["CLOUDSDK_API_ENDPOINT_OVERRIDES_RUN"]}
    api = build(
        "run", "v2", credentials=credentials, client_options=endpoint, static_discovery=True
    )
    return api.projects().locations()


def done(run: Any, operation: Json) -> Json:
    while not operation.get("done"):
        operation = run.operations().wait(name=operation["name"], body={"timeout": "30s"}).execute()
    assert "error" not in operation, operation["error"]
    return dict(operation["response"])


def template(image: str, version: str) -> Json:
    probe = {"httpGet": {"path": "/health"}, "periodSeconds": 1}
    container = {
        "image": image,
        "ports": [{"containerPort": 8000}],
        "env": [variable("VERSION", version)],
        "startupProbe": probe,
    }
    return {"revision": f"web-{version}", "containers": [container]}


def pinned(version: str, percent: int, tag: str = "") -> Json:
    kind = "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION"
    return {"type": kind, "revision": f"web-{version}", "percent": percent, "tag": tag}


def test_a_release_loses_no_request(google: GoogleWorld, run: Any, pushed: str) -> None:
    services = run.services()
    body = {"template": template(pushed, "one"), "traffic": [pinned("one", 100)]}
    first = done(run, services.create(parent=PARENT, serviceId="web", body=body).execute())
    assert httpx.get(first["uri"]).status_code == 403
    policy = {"bindings": [{"role": "roles/run.invoker", "members": ["allUsers"]}]}
    services.setIamPolicy(resource=SERVICE, body={"policy": policy}).execute()
    answers, end = Counter[str](), threading.Event()

    def poll() -> None:
        while not end.is_set():
            answer = httpx.get(first["uri"])
            good = answer.is_success
            answers[answer.json()["environment"]["VERSION"] if good else "lost"] += 1

    client = threading.Thread(target=poll)
    client.start()
    body = {
        "template": template(pushed, "two"),
        "traffic": [pinned("one", 100), pinned("two", 0, "next")],
    }
    candidate = done(run, services.patch(name=SERVICE, body=body).execute())
    (tagged,) = [s["uri"] for s in candidate["trafficStatuses"] if s.get("tag") == "next"]
    assert httpx.get(tagged).json()["environment"]["VERSION"] == "two"
    assert answers["two"] == 0
    body = {"template": template(pushed, "two"), "traffic": [pinned("two", 100)]}
    done(run, services.patch(name=SERVICE, body=body).execute())
    assert httpx.get(first["uri"]).json()["environment"]["VERSION"] == "two"
    end.set()
    client.join()
    assert answers["one"] > 5
    assert answers["lost"] == 0


def test_a_revision_that_fails_leaves_the_old_one(
    google: GoogleWorld, run: Any, pushed: str
) -> None:
    services = run.services()
    before = services.get(name=SERVICE).execute()
    broken = template(pushed, "three")
    broken["containers"][0]["command"] = ["false"]
    body = {"template": broken, "traffic": before["traffic"]}
    operation = services.patch(name=SERVICE, body=body).execute()
    with pytest.raises(AssertionError, match="web-three' is not ready and cannot serve traffic"):
        done(run, operation)
    assert httpx.get(before["uri"]).status_code == 200


def test_a_job_runs_with_its_overrides(google: GoogleWorld, run: Any, pushed: str) -> None:
    container = {"image": pushed, "command": ["python", "-uc"], "args": ["exit(1)"]}
    body = {"template": {"template": {"containers": [container], "maxRetries": 0}}}
    done(run, run.jobs().create(parent=PARENT, jobId="migrate", body=body).execute())
    name = f"{PARENT}/jobs/migrate"
    failing = run.jobs().run(name=name, body={}).execute()
    with pytest.raises(AssertionError, match="container exited with an error"):
        done(run, failing)
    code = "import os; print('release', os.environ['NUAGES_RELEASE'])"
    override = {"args": [code], "env": [variable("NUAGES_RELEASE", "r7")]}
    started = run.jobs().run(name=name, body={"overrides": {"containerOverrides": [override]}})
    assert done(run, started.execute())["succeededCount"] == 1
    texts = [entry.get("textPayload") for entry in google.runtime.log_entries()]
    assert "release r7" in texts


def test_a_job_can_be_made_to_hang(google: GoogleWorld, run: Any) -> None:
    google.job_hangs("migrate")
    overrides = {"timeout": "1s"}
    body = {"overrides": overrides}
    hanging = run.jobs().run(name=f"{PARENT}/jobs/migrate", body=body).execute()
    google.job_hangs("migrate", False)
    with pytest.raises(AssertionError, match="failed with message"):
        done(run, hanging)
    texts = [entry.get("textPayload") for entry in google.runtime.log_entries()]
    assert "Terminating task because it has reached the maximum timeout of 1 seconds." in texts


def test_a_cache_of_terraform_has_the_authority_of_its_server(google: GoogleWorld) -> None:
    made = {
        "project": google.project,
        "region": "europe-west1",
        "name": "jazz-cache",
        "host": "10.0.9.9",
        "port": 6379,
        "auth_enabled": True,
        "auth_string": "cache-password",
        "transit_encryption_mode": "SERVER_AUTHENTICATION",
        "server_ca_certs": [],
    }
    name = REDIS.file_name(f"{PARENT}/instances/jazz-cache", google.project)
    file = google.store / "google_redis_instance" / name
    file.parent.mkdir()
    file.write_text(json.dumps(made))
    assert google.notice_terraform() == []
    (authority,) = json.loads(file.read_text())["server_ca_certs"]
    assert authority["cert"].startswith("-----BEGIN CERTIFICATE-----")
    assert isinstance(google.runtime, ContainerRuntime)
    assert len(google.runtime.docker.owned("cache")) == 1
    file.unlink()
    google.notice_terraform()
    assert google.runtime.docker.owned("cache") == []


def test_a_deleted_service_is_gone(google: GoogleWorld, run: Any, pushed: str) -> None:
    uri = run.services().get(name=SERVICE).execute()["uri"]
    done(run, run.services().delete(name=SERVICE).execute())
    assert httpx.get(uri).status_code == 404
    assert isinstance(google.runtime, ContainerRuntime)
    docker = google.runtime.docker
    tiny.eventually(lambda: docker.owned("revision") == [])
