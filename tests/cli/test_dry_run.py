"""``nuages deploy --dry-run``: the same steps, and the same answer while nothing changes."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

NUAGES = Path(sys.executable).with_name("nuages")
TALLY = Path(__file__).parents[1] / "fixtures/releases/tally"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return Path(shutil.copytree(TALLY, tmp_path / "site"))


def dry(site: Path, *words: str, **environment: str) -> str:
    done = subprocess.run(
        (str(NUAGES), "deploy", "--dry-run", "--builder", "cloud", *words),
        cwd=site,
        env={**os.environ, "XDG_CACHE_HOME": str(site.parent / "cache"), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_it_prints_every_step_and_does_none(site: Path) -> None:
    said = dry(site)

    assert "Shift the traffic" in said
    assert "projects/jazz-1910/locations/europe-west1/services/tally" in said
    assert [path.name for path in site.iterdir() if path.name == "infrastructure"] == []


def test_json_is_the_same_as_data(site: Path) -> None:
    stages = json.loads(dry(site, "--json"))["stages"]
    text = dry(site)
    assert all(stage["title"] in text for stage in stages)
    assert all(step["label"] in text for stage in stages for step in stage["steps"])


def test_a_change_is_seen_at_once(site: Path) -> None:
    first = dry(site)
    assert dry(site) == first

    config = site / "nuages.yaml"
    config.write_text(config.read_text("utf-8") + "region: us-central1\n", "utf-8")
    assert "us-central1" in dry(site)


def test_another_project_is_another_answer(site: Path) -> None:
    config = site / "nuages.yaml"
    text = config.read_text("utf-8").replace("project: jazz-1910\n", "")
    config.write_text(text, "utf-8")

    assert "projects/first-1910" in dry(site, GOOGLE_CLOUD_PROJECT="first-1910")
    assert "projects/other-1910" in dry(site, GOOGLE_CLOUD_PROJECT="other-1910")


def test_what_is_remembered_does_not_hide_that_the_engine_has_stopped(
    site: Path, tmp_path: Path
) -> None:
    address = tmp_path / "engine.sock"
    bin_ = tmp_path / "bin"
    bin_.mkdir()
    docker = bin_ / "docker"
    # It answers as the program does, for as long as the engine's socket does.
    docker.write_text(
        f'#!/bin/sh\n[ "$1" = context ] && echo unix://{address}\n'
        f'[ "$1" = context ] || [ -e {address}.up ]\n'
    )
    docker.chmod(0o755)
    path = f"{bin_}:{os.environ['PATH']}"
    up = Path(f"{address}.up")

    def asked(**more: str) -> str:
        return dry(site, "--builder", "auto", PATH=path, **more)

    with socket.socket(socket.AF_UNIX) as engine:
        engine.bind(str(address))
        engine.listen(8)
        up.touch()
        first = asked()
        assert "docker push" in first
        docker.write_text("#!/bin/sh\nexit 1\n")  # nobody asks it: the answer is remembered
        assert asked() == first
    assert "docker push" not in asked()


def test_a_program_that_has_come_or_gone_is_seen(site: Path, tmp_path: Path) -> None:
    for name in ("both", "one"):
        (tmp_path / name).mkdir()
    for place in ("both/terraform", "both/tofu", "one/tofu"):
        (tmp_path / place).write_text("#!/bin/sh\n")
        (tmp_path / place).chmod(0o755)
    path = f"{tmp_path / 'both'}:/usr/bin:/bin"
    assert "terraform init" in dry(site, PATH=path)
    (tmp_path / "both/terraform").unlink()
    assert "tofu init" in dry(site, PATH=path)
