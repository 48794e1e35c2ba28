"""What checkov says of what is rendered: the module with its values, and the Dockerfile."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
import uv

from .sites import SITES, rendered

pytestmark = pytest.mark.slow

CHECKOV = "checkov==3.3.30"
FLAGS = {f"CKV_GCP_{number}" for number in (51, 52, 53, 54, 108, 109, 110, 111)}
"""Of PostgreSQL: passed only where checkov has read the flags."""


def scan(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """Its findings by outcome; in CI it has to be there."""
    argv = [uv.find_uv_bin(), "tool", "run", "--quiet", "--from", CHECKOV, "checkov"]
    argv += ["--directory", str(folder), "--framework", "terraform", "dockerfile"]
    argv += ["--var-file", str(folder / "infrastructure" / "terraform.tfvars.json")]
    done = subprocess.run(
        [*argv, "--skip-download", "--output", "json"],
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    if not done.stdout.strip() and os.environ.get("CI") != "true":
        pytest.skip(f"NO CHECKOV: nothing was scanned; {done.stderr[-300:]}")
    said = json.loads(done.stdout)
    reports = said if isinstance(said, list) else [said]
    assert {report["check_type"] for report in reports} == {"terraform", "dockerfile"}
    kinds = ("failed_checks", "passed_checks", "skipped_checks", "parsing_errors")
    return {kind: [c for r in reports for c in r["results"][kind]] for kind in kinds}


@pytest.mark.parametrize("name", SITES)
def test_nothing_fails_and_each_exception_has_its_reason(name: str, tmp_path: Path) -> None:
    found = scan(rendered(name, tmp_path / "blue-note"))
    failed = [(c["check_id"], c["resource"]) for c in found["failed_checks"]]
    assert failed == []
    assert found["parsing_errors"] == []
    skipped = found["skipped_checks"]
    assert len(skipped) <= 8
    assert all(len(c["check_result"]["suppress_comment"]) > 20 for c in skipped)
    passed = [c for c in found["passed_checks"] if "postgresql" in c["resource"]]
    assert {c["check_id"] for c in passed} >= FLAGS
