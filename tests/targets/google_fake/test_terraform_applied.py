"""Real Terraform on the world: its apply waits, its plan finds no change after a release."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fakes.google import GoogleWorld
from googleapiclient.errors import HttpError

from .conftest import PARENT

pytestmark = pytest.mark.slow

NAME = f"{PARENT}/services/web"
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


def test_applied_for_real(
    world: GoogleWorld, terraform: Terraform, client: Callable[[str], Any]
) -> None:
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


def test_apply_waits_for_the_revision(world: GoogleWorld, terraform: Terraform) -> None:
    world.revision_never_ready("web")
    status, said = terraform("apply", "-auto-approve")
    assert status == 1
    assert "is not ready and cannot serve traffic" in said
    world.revision_never_ready("web", never=False)
    status, said = terraform("apply", "-auto-approve")
    assert status == 0, said
