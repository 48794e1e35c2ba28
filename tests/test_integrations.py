"""What other people's tools read in this repository: a pre-commit hook, a GitHub action."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from clean_site import texts_of
from ruamel.yaml import YAML

ROOT = Path(__file__).parents[1]
PROGRAMS = Path(sys.executable).parent


def test_the_hook_is_one_that_pre_commit_admits() -> None:
    done = subprocess.run(
        [PROGRAMS / "pre-commit", "validate-manifest", ROOT / ".pre-commit-hooks.yaml"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def _check_step() -> str:
    action = YAML(typ="safe").load((ROOT / "action.yml").read_text("utf-8"))
    script: str = action["runs"]["steps"][-1]["run"]
    return script


def test_no_input_is_a_part_of_a_script() -> None:
    action = YAML(typ="safe").load((ROOT / "action.yml").read_text("utf-8"))
    assert [step for step in action["runs"]["steps"] if "${{" in step.get("run", "")] == []


@pytest.mark.parametrize(("broken", "code"), [(False, 0), (True, 5)])
def test_the_action_annotates_fails_and_writes_sarif(
    tmp_path: Path, broken: bool, code: int
) -> None:
    program = tmp_path / "nuages" / "bin" / "nuages"
    program.parent.mkdir(parents=True)
    program.symlink_to(PROGRAMS / "nuages")
    site = tmp_path / "site"
    for name, text in texts_of("flat").items():
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text(text)
    if broken:
        (site / "Dockerfile").write_text(
            "FROM python:3.13\nRUN pip list\nENV API_SECRET_KEY=k3Zx9-fjq2m81xzy\n"
        )
    environment = {
        **os.environ,
        "RUNNER_TEMP": str(tmp_path),
        "SITE": str(site),
        "ARGUMENTS": "--select IMG004",
        "SARIF": str(tmp_path / "found.sarif"),
    }
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", _check_step()],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )
    assert done.returncode == code, done.stderr
    assert done.stdout.startswith("::error file=Dockerfile,line=3") is broken
    assert '"version": "2.1.0"' in (tmp_path / "found.sarif").read_text()
