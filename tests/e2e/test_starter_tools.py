"""A new project's own tools, in its first commit."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from nuages.starter.create import create

pytestmark = pytest.mark.slow


def test_what_pre_commit_runs_finds_nothing(tmp_path: Path) -> None:
    root = create("freshsite", tmp_path / "freshsite").root
    run(root, "git", "init", "--quiet")
    run(root, "git", "add", "--all")
    run(root, "uv", "sync", "--frozen", "--quiet")
    told = run(root, "uv", "run", "--frozen", "pre-commit", "run", "--all-files")
    assert [line.rpartition(".")[2] for line in told.splitlines()] == ["Passed"] * 5
    assert run(root, "git", "diff", "--name-only") == ""


def run(root: Path, *argv: str) -> str:
    clean = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    done = subprocess.run(argv, cwd=root, env=clean, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
