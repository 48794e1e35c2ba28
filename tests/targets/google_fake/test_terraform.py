"""One world: what Terraform makes the APIs answer, and what the APIs change Terraform finds."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from fakes.google import GoogleWorld
from fakes.google.kinds import BUCKET, JOB, REPOSITORY, SECRET, SERVICE, SQL_INSTANCE
from fakes.google.protocol import NotReady
from fakes.google.still import StillRuntime
from fakes.google.terraform import Kind, body_of, overlaid
from googleapiclient.errors import HttpError

Client = Callable[[str], Any]
PARENT = "projects/jazz-club/locations/europe-west1"
NAME = f"{PARENT}/services/web"
REVISION = "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION"


@pytest.mark.parametrize(
    ("kind", "body", "attributes"),
    [
        (
            SERVICE,
            {"template": {"containers": [{"image": "one", "env": [{"name": "A", "value": "b"}]}]}},
            {
                "template": [
                    {"containers": [{"image": "one", "env": [{"name": "A", "value": "b"}]}]}
                ]
            },
        ),
        (
            JOB,
            {"template": {"template": {"maxRetries": 0, "timeout": "600s"}}},
            {"template": [{"template": [{"max_retries": 0, "timeout": "600s"}]}]},
        ),
        (
            SECRET,
            {"replication": {"automatic": {}}, "versionAliases": {"a": "1"}},
            {"version_aliases": {"a": "1"}},
        ),
        (
            REPOSITORY,
            {
                "format": "DOCKER",
                "cleanupPolicies": {
                    "old": {"id": "old", "action": "KEEP", "mostRecentVersions": {"keepCount": 3}}
                },
            },
            {
                "format": "DOCKER",
                "cleanup_policies": [
                    {"id": "old", "action": "KEEP", "most_recent_versions": [{"keep_count": 3}]}
                ],
            },
        ),
        (
            SQL_INSTANCE,
            {
                "settings": {
                    "dataDiskSizeGb": "10",
                    "databaseFlags": [{"name": "a", "value": "on"}],
                },
                "ipAddresses": [{"type": "PRIMARY", "ipAddress": "203.0.113.9"}],
            },
            {"settings": [{"disk_size": "10", "database_flags": [{"name": "a", "value": "on"}]}]},
        ),
        (
            BUCKET,
            {
                "name": "media",
                "versioning": {"enabled": True},
                "iamConfiguration": {
                    "uniformBucketLevelAccess": {"enabled": True},
                    "publicAccessPrevention": "enforced",
                },
            },
            {"versioning": [{"enabled": True}], "public_access_prevention": "enforced"},
        ),
    ],
    ids=lambda value: value.type if isinstance(value, Kind) else "",
)
def test_said_both_ways(kind: Kind, body: dict[str, Any], attributes: dict[str, Any]) -> None:
    written = overlaid(kind, body, {"public_ip_address": "203.0.113.9", "location": "x"})
    assert {name: written[name] for name in attributes} == attributes
    read = body_of(kind, written)
    assert {name: read[name] for name in body} == body


def made_by_terraform(world: GoogleWorld, **attributes: Any) -> Path:
    path = world.store / SERVICE.type / SERVICE.file_name(NAME, "jazz-club")
    path.parent.mkdir(parents=True, exist_ok=True)
    template = [{"containers": [{"image": "one"}], "timeout": "300s", "revision": None}]
    given = {"project": "jazz-club", "location": "europe-west1", "name": "web", "id": NAME}
    made_up = {"launch_stage": "launch-stage-8ff06f94", "uri": "https://made.up", "etag": "x"}
    path.write_text(json.dumps({**made_up, "template": template, **given, **attributes}), "utf-8")
    return path


def test_made_changed_and_removed(world: GoogleWorld, client: Client) -> None:
    services = client("run.v2").projects().locations().services()
    path = made_by_terraform(world)
    made = services.get(name=NAME).execute()
    assert made["launchStage"] == "GA"
    assert made["terminalCondition"]["state"] == "CONDITION_SUCCEEDED"
    assert json.loads(path.read_text("utf-8"))["uri"] == made["uri"] != "https://made.up"
    made_by_terraform(world, template=[{"containers": [{"image": "two"}]}])
    changed = services.get(name=NAME).execute()
    assert changed["latestReadyRevision"] != made["latestReadyRevision"]
    assert changed["uid"] == made["uid"]
    path.unlink()
    with pytest.raises(HttpError, match="was not found"):
        services.get(name=NAME).execute()
    assert isinstance(world.runtime, StillRuntime)
    assert [call[0] for call in world.runtime.calls][-3:] == ["route", *["stop_revision"] * 2]


def test_an_apply_waits_for_its_own(world: GoogleWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another call took up what this one made, and is still at it."""
    begun, go_on = threading.Event(), threading.Event()

    def start(revision: dict[str, Any]) -> None:
        begun.set()
        go_on.wait(10)
        raise NotReady("Of no use.")

    monkeypatch.setattr(world.runtime, "start_revision", start)
    made_by_terraform(world)
    other = threading.Thread(target=world.notice_terraform)
    other.start()
    assert begun.wait(10)
    with ThreadPoolExecutor() as pool:
        own = pool.submit(world.noticing.settled, SERVICE.type, NAME)
        assert not own.done()
        go_on.set()
        refused = own.result(10)
    assert refused is not None
    assert "Of no use." in refused.message
    other.join(10)


def test_released_through_the_api(world: GoogleWorld, client: Client) -> None:
    path = made_by_terraform(world)
    locations = client("run.v2").projects().locations()
    traffic = [{"type": REVISION, "revision": "web-r2", "percent": 100, "tag": "r2"}]
    body = {
        "template": {"revision": "web-r2", "containers": [{"image": "two"}]},
        "traffic": traffic,
    }
    operation = (
        locations.services().patch(name=NAME, body=body, updateMask="template,traffic").execute()
    )
    ended = locations.operations().wait(name=operation["name"], body={}).execute()
    assert ended["response"]["latestReadyRevision"] == f"{NAME}/revisions/web-r2"
    attributes = json.loads(path.read_text("utf-8"))
    assert attributes["template"][0]["containers"][0]["image"] == "two"
    assert attributes["traffic"][0]["revision"] == "web-r2"
    assert attributes["latest_ready_revision"] == f"{NAME}/revisions/web-r2"


def test_policies_of_both(world: GoogleWorld, client: Client) -> None:
    made_by_terraform(world)
    member = world.store / "google_cloud_run_v2_service_iam_member" / "a.json"
    member.parent.mkdir()
    given = {"project": "jazz-club", "location": "europe-west1", "name": "web"}
    role = {"role": "roles/run.invoker", "member": "allUsers", "condition": []}
    member.write_text(json.dumps({**given, **role}), "utf-8")
    services = client("run.v2").projects().locations().services()
    policy = services.getIamPolicy(resource=NAME).execute()
    assert policy["bindings"] == [{"role": "roles/run.invoker", "members": ["allUsers"]}]
    policy["bindings"][0]["members"].append("user:a@example.com")
    services.setIamPolicy(resource=NAME, body={"policy": policy}).execute()
    assert {"allUsers", "user:a@example.com"} <= world.invokers(NAME)
    policy = services.getIamPolicy(resource=NAME).execute()
    policy["bindings"][0]["members"].remove("allUsers")
    services.setIamPolicy(resource=NAME, body={"policy": policy}).execute()
    assert not member.exists()
