from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from nuages.effects import files


def test_write_replaces_whole_files_and_leaves_no_others(tmp_path: Path) -> None:
    target = tmp_path / "a" / "file"
    files.write(target, "one")
    files.write(target, "two", 0o640)
    assert target.read_text() == "two"
    assert target.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in target.parent.iterdir()] == ["file"]


def test_a_write_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    target = tmp_path / "file"
    files.write(target, "good")
    with pytest.raises(UnicodeEncodeError):
        files.write(target, "bad \udcff")
    target_folder = tmp_path / "folder"
    target_folder.mkdir()
    with pytest.raises(OSError, match="directory"):
        files.write(target_folder, "text")
    assert target.read_text() == "good"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "folder"]


def test_a_secret_is_for_its_owner(tmp_path: Path) -> None:
    files.write_secret(tmp_path / "key", "s")
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600


def test_the_private_folder_ignores_itself_in_git(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    folder = files.private_folder(tmp_path)
    files.write(folder / "deep" / "file", "text")
    status = subprocess.run(
        ["git", "-C", str(tmp_path), "status", "--porcelain"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert status.stdout == ""


def test_copy_gives_a_file_of_its_own(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_text("text")
    source.chmod(0o444)
    files.copy(source, tmp_path / "to" / "target")
    (tmp_path / "to" / "target").write_text("changed")
    assert source.read_text() == "text"
