"""A first release takes over the uploads that an earlier site has left."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from golden_cases import deployed

import nuages
from nuages.model import Deployment
from nuages.steps.release import Release
from nuages.steps.stage import Outputs
from nuages.targets.cloud_run.places import Places
from nuages.targets.cloud_run.release import uploads

STORAGE = Path(nuages.__file__).parent / "targets/cloud_run/terraform/storage.tf"
RELEASE = Release("r261121-193012", "jazz-1910")
LEFT = {"image": "an-image", "uploads": "jazz-1910-site-media"}


@pytest.fixture(scope="module")
def site() -> Deployment:
    return deployed("split_postgres", "gcp")


def does(site: Deployment, known: dict[str, object]) -> list[str]:
    stages = uploads.stages(site, Places.of(site, "jazz-1910"), RELEASE)
    return [str(step) for stage in stages for step in stage.steps(Outputs(known))]


def test_only_a_first_release_looks_for_them(site: Deployment) -> None:
    assert ["buckets.get" in each for each in does(site, {})] == [True]
    assert does(site, {"before": {"template": {}}}) == []


def test_what_was_left_is_taken_over_once(site: Deployment) -> None:
    assert [each for each in does(site, LEFT) if " import " in each]
    managed = LEFT | {"managed": ["google_storage_bucket.media[0]"]}
    assert not [each for each in does(site, managed) if " import " in each]


def test_a_site_without_uploads_has_nothing_to_look_for(site: Deployment) -> None:
    assert does(replace(site, storage=None), LEFT) == []


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("terraform") is None, reason="NO TERRAFORM to say the name")
@pytest.mark.parametrize("length", [5, 60])
def test_the_bucket_is_called_as_the_module_calls_it(
    site: Deployment, length: int, tmp_path: Path
) -> None:
    assert site.storage is not None
    long = replace(site, storage=replace(site.storage, bucket="b" * length))
    naming = re.search(r"^ +name += (length\(.*)$", STORAGE.read_text("utf-8"), re.MULTILINE)
    assert naming
    given = json.dumps(f"jazz-1910-{'b' * length}")
    (tmp_path / "main.tf").write_text(f"locals {{\n  media_bucket = {given}\n}}\n", "utf-8")
    said = subprocess.run(
        ("terraform", "console"),
        cwd=tmp_path,
        input=naming[1],
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.strip() == f'"{uploads.bucket(long, Places.of(long, "jazz-1910"))}"'
