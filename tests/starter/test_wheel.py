"""The wheel holds every file of the starter, and nothing that running it leaves behind."""

from __future__ import annotations

import subprocess
import zipfile
from pathlib import Path

import pytest

from nuages.starter.create import starter_files

ROOT = Path(__file__).parents[2]
PREFIX = "nuages/starter/project/"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built out of a copy of the tracked files, as a release is."""
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout.split(b"\0")
    for name in filter(None, (n.decode() for n in listed)):
        if (ROOT / name).is_file() and not name.startswith(("tests/", "docs/", "bench/")):
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            (source / name).write_bytes((ROOT / name).read_bytes())
    for junk in (".venv/bin/python", "db.sqlite3", ".env", "media/a.png", "apps/x.pyc"):
        path = source / "src" / PREFIX / junk
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("junk")
    argv = ["uv", "build", "--wheel", "--quiet", "--out-dir", str(out), str(source)]
    subprocess.run(argv, check=True, capture_output=True)
    return next(out.glob("*.whl"))


def test_the_wheel_ships_the_starter_and_nothing_else_of_it(wheel: Path) -> None:
    names = {n.removeprefix(PREFIX) for n in zipfile.ZipFile(wheel).namelist() if PREFIX in n}
    assert names == set(starter_files())
