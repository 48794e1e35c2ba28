"""Node.js out of a wheel."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from nuages.effects import files
from nuages.local.process.node import Wheels, major

UV = str(Path(sys.executable).with_name("uv"))


@pytest.mark.parametrize(
    ("script", "found"),
    [("#!/bin/sh\necho v18.20.4\n", "18"), ("#!/bin/sh\necho none >&2; exit 1\n", None)],
)
def test_the_node_of_this_machine(tmp_path: Path, script: str, found: str | None) -> None:
    files.write(tmp_path / "node", script, 0o755)
    assert major({"PATH": str(tmp_path)}) == found


def test_there_may_be_none(tmp_path: Path) -> None:
    assert major({"PATH": str(tmp_path)}) is None


@pytest.mark.slow
def test_a_wheel_brings_node_npm_and_npx_once(tmp_path: Path) -> None:
    folder = Wheels(UV, tmp_path, dict(os.environ), tmp_path / "log").bring("22")
    assert folder is not None
    environment = {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"}
    assert major(environment) == "22"
    for name in ("npm", "npx"):
        argv = (folder / name, "--version")
        subprocess.run(argv, env=environment, check=True, capture_output=True)
    again = Wheels("/no/uv", tmp_path, dict(os.environ), tmp_path / "log").bring("22")
    assert again == folder


@pytest.mark.slow
def test_a_version_that_no_wheel_has_leaves_nothing(tmp_path: Path) -> None:
    assert Wheels(UV, tmp_path, dict(os.environ), tmp_path / "log").bring("4") is None
    assert not (tmp_path / "node" / "4").exists()
