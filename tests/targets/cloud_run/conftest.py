"""Real Terraform, with a mirror of providers that TF_CLI_CONFIG_FILE names."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import nuages

MODULE = Path(nuages.__file__).parent / "targets/cloud_run/terraform"
PROVIDER = """\
terraform {{
  required_providers {{
    google = {{
      source  = "hashicorp/google"
      version = "~> {version}"
    }}
  }}
}}
"""
PASSWORDS = {
    "TF_VAR_database_admin_password": "planted-for-the-admin",
    "TF_VAR_database_password": "planted-for-the-site",
}


KNOWN = {
    "project_id": "jazz-1910",
    "image": "europe-west1-docker.pkg.dev/jazz-1910/my-site/web@sha256:" + "0" * 64,
}
"""What is known when it is deployed only."""


@dataclass(frozen=True)
class Terraform:
    """The module in a folder of its own, with values and one version of the provider."""

    root: Path

    def __call__(self, *words: str, accept: tuple[int, ...] = (0,)) -> str:
        done = subprocess.run(
            ("terraform", *words, "-no-color"),
            cwd=self.root,
            env={**os.environ, **PASSWORDS, "FAKECLOUD_STORE": str(self.root / "world")},
            capture_output=True,
            text=True,
            check=False,
        )
        said = done.stdout + done.stderr
        assert done.returncode in accept, said[said.find("\nError: ") :][:4000] or said[-4000:]
        return said

    def outputs(self) -> dict[str, Any]:
        return {name: each["value"] for name, each in json.loads(self("output", "-json")).items()}

    def written(self) -> dict[Path, str]:
        """Every file that Terraform left, with its text."""
        files = (path for path in self.root.rglob("*") if path.is_file())
        own = (path for path in files if ".terraform" not in path.parts)
        return {path: path.read_text("utf-8", "replace") for path in own}


@pytest.fixture
def terraform(tmp_path: Path) -> Callable[[Mapping[str, object], str], Terraform]:
    """A folder with the module, initialised."""
    missing = shutil.which("terraform") is None or "TF_CLI_CONFIG_FILE" not in os.environ
    if missing and os.environ.get("CI") == "true":
        pytest.fail("CI has no Terraform or no providers: the module would go out unproved")
    if missing:
        pytest.skip("NO TERRAFORM, or TF_CLI_CONFIG_FILE names no providers: nothing was applied")

    def terraform(values: Mapping[str, object], google: str) -> Terraform:
        root = tmp_path / "infrastructure"
        root.mkdir()
        for path in MODULE.glob("*.tf"):
            shutil.copy(path, root)
        (root / "terraform.tfvars.json").write_text(json.dumps(values), "utf-8")
        (root / "versions_override.tf").write_text(PROVIDER.format(version=google), "utf-8")
        here = Terraform(root)
        here("init", "-input=false")
        return here

    return terraform
