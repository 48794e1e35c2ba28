from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from nuages.project.git_index import tracked
from nuages.project.tree import Tree


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    texts = {
        ".gitignore": "site/generated/*\nlocal.py\n",
        "site/local.py": "",
        "site/été.css": "",
        "site/generated/.gitkeep": "",
        "site/generated/deep/made.css": "",
        "site/node_modules/x.js": "",
        "env/pyvenv.cfg": "",
        "env/bin/x.py": "",
        "gone.py": "",
    }
    for path, text in texts.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "--force", ".")
    (tmp_path / "gone.py").unlink()
    (tmp_path / "site/generated/untracked.css").write_text("")
    return tmp_path


def git(folder: Path, *words: str) -> str:
    argv = ["git", "-c", "core.quotePath=false", "-C", str(folder), *words]
    return subprocess.run(argv, check=True, capture_output=True, text=True).stdout


@pytest.mark.parametrize("version", ["2", "3", "4"])
def test_it_reads_what_git_lists(repository: Path, version: str) -> None:
    (repository / "later.py").write_text("")
    git(repository, "add", "--intent-to-add", "later.py")  # an entry with more flags
    git(repository, "update-index", "--index-version", version)
    names = tracked((repository / ".git/index").read_bytes())
    assert names == git(repository, "ls-files").splitlines()
    assert "site/été.css" in names


@pytest.mark.parametrize("index", [b"", b"DIRC", b"DIRC\0\0\0\x02\0\0\0\x09short", b"x" * 99])
def test_what_is_no_index_holds_nothing(index: bytes) -> None:
    assert tracked(index) == []


def test_what_is_tracked_belongs_to_the_tree_although_it_is_ignored(repository: Path) -> None:
    kept = ("generated/.gitkeep", "generated/deep/made.css", "local.py", "été.css")
    assert Tree.open(repository).files == (".gitignore", *(f"site/{path}" for path in kept))
    assert {*kept} <= {*Tree.open(repository / "site").files}
