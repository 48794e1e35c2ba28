"""From a project to infrastructure and back, by the files that render writes."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from .conftest import KNOWN, PASSWORDS, Terraform
from .sites import rendered

pytestmark = pytest.mark.slow

Make = Callable[[Mapping[str, object], str], Terraform]


@pytest.mark.parametrize("google", ["6.50", "7.0"])
@pytest.mark.parametrize("name", ["starter", "infera"])
def test_it_is_made_and_then_nothing_changes_and_then_it_is_gone(
    terraform: Make, tmp_path: Path, name: str, google: str
) -> None:
    folder = rendered(name, tmp_path / "blue-note") / "infrastructure"
    subprocess.run(("terraform", "fmt", "-check", "-diff", str(folder)), check=True)
    said = json.loads((folder / "terraform.tfvars.json").read_text("utf-8"))
    here = terraform(said | KNOWN | {"deletion_protection": False}, google)
    for path in folder.glob("*.tf"):
        if path.name != "backend.tf":  # whose bucket is in the cloud
            shutil.copy(path, here.root)
    here("validate")
    here("apply", "-auto-approve", "-input=false", "-var=released=false")
    assert " 0 changed, 0 destroyed" in here("apply", "-auto-approve", "-input=false")
    assert "No changes" in here("plan", "-input=false", "-detailed-exitcode")
    found = here.outputs()
    assert {"db-init", "migrate", "superuser"} <= set(found["jobs"])
    assert found["environment"]["DB_HOST"] == found["database"]["host"]
    for path, text in here.written().items():
        assert not any(password in text for password in PASSWORDS.values()), path
    assert "Destroy complete" in here("destroy", "-auto-approve", "-input=false")
