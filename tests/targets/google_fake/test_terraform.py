"""One world: what Terraform makes the APIs answer, and what the APIs change Terraform finds."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fakes.google import GoogleWorld
from fakes.google.kinds import BUCKET, JOB, REPOSITORY, SECRET, SERVICE, SQL_INSTANCE
from fakes.google.still import StillRuntime
from fakes.google.terraform import Kind, body_of, overlaid
from googleapiclient.errors import HttpError

Client = Callable[[str], Any]
PARENT = "projects/jazz-club/locations/europe-west1"
NAME = f"{PARENT}/services/web"
REVISION = "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION"
HCL = """\
terraform {
  required_providers {
    google = {
      source  = "hashicorp/google"
      version = "~> 7.0"
    }
  }
}
provider "google" {
  project = "jazz-club"
  region  = "europe-west1"
}
resource "google_secret_manager_secret" "key" {
  secret_id = "key"
  replication {
    auto {}
  }
}
resource "google_secret_manager_secret_version" "key" {
  secret                 = google_secret_manager_secret.key.id
  secret_data_wo         = "planted-value"
  secret_data_wo_version = 1
}
resource "google_secret_manager_secret_iam_member" "key" {
  secret_id = google_secret_manager_secret.key.secret_id
  role      = "roles/secretmanager.secretAccessor"
  member    = "serviceAccount:web@jazz-club.iam.gserviceaccount.com"
}
resource "google_cloud_run_v2_service" "web" {
  name                = "web"
  location            = "europe-west1"
  deletion_protection = false
  template {
    service_account = "web@jazz-club.iam.gserviceaccount.com"
    containers {
      image = "one"
      env {
        name = "KEY"
        value_source {
          secret_key_ref {
            secret  = google_secret_manager_secret.key.secret_id
            version = "latest"
          }
        }
      }
    }
  }
  lifecycle {
    ignore_changes = [template, traffic]
  }
  depends_on = [
    google_secret_manager_secret_version.key,
    google_secret_manager_secret_iam_member.key,
  ]
}
output "uri" {
  value = google_cloud_run_v2_service.web.uri
}
"""


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


class Terraform:
    def __init__(self, root: Path, world: GoogleWorld) -> None:
        self.root, self.world = root, world
        root.mkdir()
        (root / "main.tf").write_text(HCL, "utf-8")

    def __call__(self, *words: str) -> tuple[int, str]:
        done = subprocess.run(
            ("terraform", *words, "-no-color"),
            cwd=self.root,
            env={**os.environ, **self.world.environment()},
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr


@pytest.fixture
def terraform(world: GoogleWorld, tmp_path: Path) -> Terraform:
    missing = shutil.which("terraform") is None or "TF_CLI_CONFIG_FILE" not in os.environ
    if missing and os.environ.get("CI") == "true":
        pytest.fail("CI has no Terraform or no providers")
    if missing:
        pytest.skip("NO TERRAFORM, or TF_CLI_CONFIG_FILE names no providers")
    here = Terraform(tmp_path / "infrastructure", world)
    assert here("init")[0] == 0
    return here


@pytest.mark.slow
def test_applied_for_real(world: GoogleWorld, terraform: Terraform, client: Client) -> None:
    status, said = terraform("apply", "-auto-approve")
    assert status == 0, said
    locations = client("run.v2").projects().locations()
    service = locations.services().get(name=NAME).execute()
    assert f'uri = "{service["uri"]}"' in said
    assert world.secret("projects/jazz-club/secrets/key") == b"planted-value"
    holding = [path for path in terraform.root.rglob("*.tfstate*") if "planted" in path.read_text()]
    assert holding == []
    assert terraform("plan", "-detailed-exitcode")[0] == 0
    body = {"template": {**service["template"], "revision": "web-r2"}}
    locations.services().patch(name=NAME, body=body, updateMask="template").execute()
    assert terraform("plan", "-detailed-exitcode")[0] == 0
    assert terraform("destroy", "-auto-approve")[0] == 0
    with pytest.raises(HttpError, match="was not found"):
        locations.services().get(name=NAME).execute()


@pytest.mark.slow
def test_apply_waits_for_the_revision(world: GoogleWorld, terraform: Terraform) -> None:
    world.revision_never_ready("web")
    status, said = terraform("apply", "-auto-approve")
    assert status == 1
    assert "is not ready and cannot serve traffic" in said
    world.revision_never_ready("web", never=False)
    status, said = terraform("apply", "-auto-approve")
    assert status == 0, said
