"""``nuages destroy`` with real Terraform: what goes, what stays, what an interruption leaves."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fakes.google import GoogleWorld

from nuages.cli.releasing import site
from nuages.deploy.execute import Executor
from nuages.deploy.journal import Entry, Journal, written
from nuages.steps.stage import Outputs
from nuages.targets.cloud_run.places import Places
from nuages.targets.cloud_run.release import infrastructure, uploads

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        shutil.which("terraform") is None or "TF_CLI_CONFIG_FILE" not in os.environ,
        reason="NO TERRAFORM, or TF_CLI_CONFIG_FILE names no providers: nothing was destroyed",
    ),
]
NUAGES = Path(sys.executable).with_name("nuages")
FIXTURE = Path(__file__).parents[1] / "fixtures/projects/split_postgres"
CONFIG = """\
provider: gcp
project_name: shop
region: europe-west1
database:
  type: postgresql
storage:
  type: gcs
"""
IMAGE = "europe-west1-docker.pkg.dev/jazz-1910/shop/web@sha256:" + "1" * 64


class Deaf:
    def step(self, title: str) -> Any:
        return nullcontext()

    def line(self, text: str) -> None:
        pass


@dataclass(frozen=True)
class Shop:
    root: Path
    world: GoogleWorld

    def nuages(self, *words: str, status: int = 0) -> str:
        done = subprocess.run(
            (str(NUAGES), *words),
            cwd=self.root,
            env={**os.environ, **self.world.environment()},
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )
        assert done.returncode == status, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        return done.stdout if status == 0 else done.stderr

    def named(self, kind: str) -> list[str]:
        """What there is of a type, as Terraform and the APIs see it."""
        folder = self.world.store / kind
        found = (json.loads(path.read_text("utf-8")) for path in folder.glob("*.json"))
        return sorted(str(each.get("name")) for each in found)


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    root = tmp_path / "shop"
    shutil.copytree(FIXTURE, root)
    (root / "nuages.yaml").write_text(CONFIG, "utf-8")
    with GoogleWorld(tmp_path / "world", project="jazz-1910") as world:
        for name, value in world.environment().items():
            monkeypatch.setenv(name, value)
        shop = Shop(root, world)
        for name in ("EMAIL_HOST_PASSWORD", "SENTRY_DSN"):
            _give(shop, name)
        _deploy(root, world)
        yield shop


def _give(shop: Shop, name: str) -> None:
    listed = json.loads(shop.nuages("secrets", "list", "--json"))["secrets"]
    if name in {each["name"] for each in listed}:
        (shop.root / ".env").write_text(f"{name}=planted\n", "utf-8")
        shop.nuages("secrets", "set", name, "--from", str(shop.root / ".env"))


def _deploy(root: Path, world: GoogleWorld) -> None:
    """Everything of a release but the image and what runs in it."""
    found = site(root, None, None, "production", None)
    release = found.release("r1", terraform="terraform")
    executor = Executor(root, found.client, Deaf(), dict(os.environ), root / ".nuages/logs")
    prepared = found.target.preparation(found.workspace.deployment, release)
    outputs = executor.through(prepared, Outputs({"image": IMAGE}))
    places = Places.of(found.deployment, "jazz-1910")
    stages = (
        infrastructure.look(places),
        *uploads.stages(found.workspace.deployment, places, release),
        *infrastructure.before(found.workspace.deployment, places, release),
        *infrastructure.after(found.workspace.deployment, places, release),
    )
    outputs = executor.through(stages, outputs)
    kept = {"image": IMAGE, "infrastructure": outputs.known["infrastructure"]}
    entry = Entry("r1", "f", "2026-11-21T10:00:00+00:00", "ada", "done", outputs=kept)
    found.client.write(places.state, "shop/journal.json", written(Journal((entry,))), None)


SERVER, SERVICE, BUCKET = (
    "google_sql_database_instance",
    "google_cloud_run_v2_service",
    "google_storage_bucket",
)


def test_all_goes_but_what_somebody_would_miss(shop: Shop) -> None:
    assert (len(shop.named(SERVER)), len(shop.named(SERVICE))) == (1, 1)

    said = shop.nuages("destroy", "--dry-run")
    assert "EVERY ROW" in said
    assert "every file" not in said
    assert shop.named(SERVICE) == ["shop"]

    for words in ((), ("--yes", "other")):
        assert "shop" in shop.nuages("destroy", *words, status=10)
    assert shop.named(SERVICE) == ["shop"]

    shop.world.fail("sql.backupRuns.insert", 403, times=9)
    assert "403" in shop.nuages("destroy", "--yes", "shop", status=12)
    shop.world.failures.requests.clear()
    (server,) = shop.named(SERVER)
    found = json.loads(shop.nuages("destroy", "--yes", "shop", "--json"))
    assert (shop.named(SERVER), shop.named(SERVICE)) == ([], [])
    remains = {each["kind"]: each["name"] for each in found["remains"]}
    assert remains["backup"].startswith(f"{server}/")
    assert shop.world.resources.names("backups", server) == [remains["backup"]]
    assert [name for name in shop.named(BUCKET) if "media" in name]
    assert "There is no site yet" in shop.nuages("status")
    assert "nothing to destroy" in shop.nuages("destroy", "--yes", "shop")

    kept = [name for name in shop.named(BUCKET) if "media" in name]
    _deploy(shop.root, shop.world)
    assert [name for name in shop.named(BUCKET) if "media" in name] == kept
    assert (len(shop.named(SERVER)), len(shop.named(SERVICE))) == (1, 1)


def test_everything_goes_when_that_is_said(shop: Shop) -> None:
    words = ("destroy", "--yes", "shop", "--no-final-backup", "--delete-files", "--json")
    found = json.loads(shop.nuages(*words))
    assert not shop.named(SERVER)
    assert not [name for name in shop.named(BUCKET) if "media" in name]
    assert {each["kind"] for each in found["remains"]} == {"secret", "registry", "bucket"}
    assert shop.world.resources.names("backups") == []
