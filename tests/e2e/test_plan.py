"""``nuages plan`` with real Terraform, the providers' true schemas, and a state in a bucket."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from fakes.google import GoogleWorld

from nuages.steps import terraform
from nuages.steps.step import Request
from nuages.targets.cloud_run.client import GoogleCloud

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        shutil.which("terraform") is None or "TF_CLI_CONFIG_FILE" not in os.environ,
        reason="NO TERRAFORM, or TF_CLI_CONFIG_FILE names no providers: nothing was planned",
    ),
]
NUAGES = Path(sys.executable).with_name("nuages")
FIXTURE = Path(__file__).parents[1] / "fixtures/projects/plain_sqlite"
SETTINGS = """\
provider: gcp
project_name: shop
region: {region}
database:
  type: postgresql
  tier: {tier}
"""
PLANTED = "planted-Pass-word-0987"
WRAPPER = '#!/bin/sh\necho "$0 $*" >> {log}\nexec {real} "$@"\n'


@dataclass(frozen=True)
class Site:
    """A project, its cloud, and programs that write down how they are started."""

    root: Path
    world: GoogleWorld
    programs: Path

    @property
    def argv(self) -> str:
        log = self.programs / "argv.log"
        return log.read_text("utf-8") if log.exists() else ""

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            **self.world.environment(),
            "FAKECLOUD_STORE": str(self.programs / "store"),
            "PATH": f"{self.programs}:/usr/bin:/bin",
            "DJANGO_SECRET_KEY": PLANTED,
            "TF_VAR_database_admin_password": PLANTED,
            "TF_VAR_database_password": PLANTED,
        }

    def settings(self, region: str = "europe-west1", tier: str = "db-f1-micro") -> None:
        text = SETTINGS.format(region=region, tier=tier)
        (self.root / "nuages.yaml").write_text(text, "utf-8")

    def nuages(self, *words: str, status: int = 0) -> str:
        done = self.run(str(NUAGES), *words)
        said = done.stdout + done.stderr
        assert done.returncode == status, said
        assert PLANTED not in said
        return said if status not in (0, 6) else done.stdout

    def run(self, *argv: str, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            argv,
            cwd=folder or self.root,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def deploy(self) -> None:
        """Make what the last plan was about, with its state in the bucket."""
        bucket = {"name": "jazz-club-nuages", "location": "EU"}
        request = Request("", "storage.v1", "buckets.insert", {"project": "jazz-club"}, bucket)
        client = GoogleCloud.of(os.environ)
        client.send(request)
        folder = self.root / ".nuages/plan/production/infrastructure"
        (folder / "nuages_override.tf").unlink()
        values = {"project_id": "jazz-club", "image": "eu.gcr.io/jazz-club/shop"}
        for words in (
            terraform.init("terraform", "jazz-club-nuages", prefix="shop"),
            terraform.plan("terraform", "made", variables=values),
            terraform.apply("terraform", "made"),
        ):
            done = self.run(*words, folder=folder)
            assert done.returncode in (0, terraform.CHANGES), done.stdout + done.stderr
        (folder / "made").unlink()


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    programs = tmp_path / "programs"
    programs.mkdir()
    _program(programs, "terraform")
    shutil.copytree(FIXTURE, tmp_path / "shop")
    with GoogleWorld(tmp_path / "world", project="jazz-club") as world:
        found = Site(tmp_path / "shop", world, programs)
        for name, value in world.environment().items():
            monkeypatch.setenv(name, value)
        found.settings()
        yield found


def _program(folder: Path, name: str) -> None:
    path = folder / name
    real = shutil.which("terraform")
    path.write_text(WRAPPER.format(log=folder / "argv.log", real=real), "utf-8")
    path.chmod(0o755)


def _everything(root: Path) -> str:
    """The text of every file, but not what providers brought along."""
    every = (p for p in root.rglob("*") if p.is_file() and ".terraform" not in p.parts)
    return "\n".join(path.read_bytes().decode("utf-8", "replace") for path in every)


def test_a_first_plan_and_no_secret_anywhere(site: Site) -> None:
    before = sorted(path for path in site.root.rglob("*"))
    text = site.nuages("plan")
    assert "Nothing is there yet: no state in the bucket jazz-club-nuages." in text
    assert "+ the PostgreSQL 17 database server (db-f1-micro, 10 GB)" in text
    assert "nothing to destroy." in text
    assert "Database: 3 instances ×" in text
    assert "Cost: about $" in text
    assert PLANTED not in _everything(site.root)
    assert PLANTED not in site.argv
    assert " plan " in site.argv
    own = [path for path in site.root.rglob("*") if ".nuages" not in path.parts]
    assert sorted(own) == before
    assert not list(site.root.rglob("*.tfplan"))


def test_a_second_plan_says_what_is_lost(site: Site) -> None:
    site.nuages("plan", "--json")
    site.deploy()
    assert "Nothing changes." in site.nuages("plan", "--exit-code")
    site.settings(tier="db-g1-small")
    said = json.loads(site.nuages("plan", "--exit-code", "--json", status=6))
    assert not said["first"]
    assert [(change["action"], change["lost"]) for change in said["changes"]] == [("update", "")]
    assert said["changes"][0]["fields"][0] == {
        "path": "settings.tier",
        "before": "db-f1-micro",
        "after": "db-g1-small",
        "sensitive": False,
        "unknown": False,
        "forces": False,
    }
    site.settings(region="us-central1")
    text = site.nuages("plan")
    assert "WITH DATA" in text
    assert "EVERY ROW of the site" in text
    assert "region: europe-west1 → us-central1" in text
    assert PLANTED not in _everything(site.root)
    assert PLANTED not in site.argv


def test_an_error_of_ones_own_has_its_file_and_line(site: Site) -> None:
    site.nuages("render", "--keep")
    path = site.root / "infrastructure/web.tf"
    lines = path.read_text("utf-8").splitlines()
    lines.insert(3, "  this is no HCL {")
    path.write_text("\n".join(lines) + "\n", "utf-8")
    said = site.nuages("plan", status=8)
    assert "error: infrastructure/web.tf:4: " in said
    assert not list((site.root / "infrastructure").glob(".terraform*"))


def test_opentofu_is_taken_where_it_is_what_there_is(site: Site) -> None:
    (site.programs / "terraform").rename(site.programs / "tofu")
    (site.root / "infrastructure").mkdir()
    (site.root / "infrastructure/mine.tf").write_text("nonsense\n", "utf-8")
    site.nuages("plan", status=8)
    assert "/tofu init " in site.argv


def test_neither_is_there(site: Site) -> None:
    (site.programs / "terraform").unlink()
    assert "Neither terraform nor tofu is installed" in site.nuages("plan", status=7)
