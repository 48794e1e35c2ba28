from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from nuages.artifacts import Artifact
from nuages.effects.generated import LOCK, differences, write_artifacts
from nuages.errors import Conflict

FIRST = Artifact("deploy/Dockerfile", "FROM a\nRUN b\n")
SECOND = Artifact("deploy/Dockerfile", "FROM a\nRUN c\n")


def states(root: Path, *artifacts: Artifact) -> list[str]:
    return [difference.state for difference in differences(root, artifacts)]


def test_writes_what_is_missing_with_its_mode(tmp_path: Path) -> None:
    script = Artifact("run.sh", "#!/bin/sh\n", executable=True)
    assert states(tmp_path, FIRST, script) == ["missing", "missing"]
    written = write_artifacts(tmp_path, [FIRST, script])
    assert written.written == ("deploy/Dockerfile", "run.sh")
    assert (tmp_path / "run.sh").stat().st_mode & 0o777 == 0o755
    assert (tmp_path / "deploy/Dockerfile").stat().st_mode & 0o777 == 0o644
    assert states(tmp_path, FIRST, script) == ["same", "same"]


def test_replaces_what_nobody_has_edited(tmp_path: Path) -> None:
    write_artifacts(tmp_path, [FIRST])
    assert states(tmp_path, SECOND) == ["outdated"]
    write_artifacts(tmp_path, [SECOND])
    assert (tmp_path / SECOND.path).read_text() == SECOND.text


def test_refuses_to_lose_an_edit_and_shows_the_difference(tmp_path: Path) -> None:
    write_artifacts(tmp_path, [FIRST])
    (tmp_path / FIRST.path).write_text("FROM a\nRUN mine\n")
    other = Artifact("other", "text\n")
    with pytest.raises(Conflict) as raised:
        write_artifacts(tmp_path, [other, SECOND])
    assert "-RUN mine" in raised.value.detail
    assert "+RUN c" in raised.value.detail
    assert (tmp_path / FIRST.path).read_text() == "FROM a\nRUN mine\n"
    assert not (tmp_path / "other").exists(), "one conflict and nothing at all is written"


def test_an_edit_stands_while_nothing_new_is_generated(tmp_path: Path) -> None:
    write_artifacts(tmp_path, [FIRST])
    (tmp_path / FIRST.path).write_text("mine\n")
    written = write_artifacts(tmp_path, [FIRST])
    assert [difference.path for difference in written.kept] == [FIRST.path]
    assert (tmp_path / FIRST.path).read_text() == "mine\n"
    with pytest.raises(Conflict):
        write_artifacts(tmp_path, [SECOND])


def test_force_takes_the_generated_text(tmp_path: Path) -> None:
    write_artifacts(tmp_path, [FIRST])
    (tmp_path / FIRST.path).write_text("mine\n")
    write_artifacts(tmp_path, [FIRST], force=True)
    assert (tmp_path / FIRST.path).read_text() == FIRST.text


def test_a_file_that_was_there_before_is_the_users(tmp_path: Path) -> None:
    (tmp_path / "deploy").mkdir()
    (tmp_path / FIRST.path).write_text("FROM theirs\n")
    with pytest.raises(Conflict):
        write_artifacts(tmp_path, [FIRST])


def test_keep_leaves_the_users_file_and_writes_the_rest(tmp_path: Path) -> None:
    (tmp_path / "deploy").mkdir()
    (tmp_path / FIRST.path).write_text("FROM theirs\n")
    other = Artifact("other", "text\n")
    written = write_artifacts(tmp_path, [FIRST, other], keep=True)
    assert written.written == ("other",)
    assert [difference.path for difference in written.kept] == [FIRST.path]
    assert (tmp_path / FIRST.path).read_text() == "FROM theirs\n"
    assert states(tmp_path, FIRST) == ["kept"]
    assert not differences(tmp_path, [FIRST])[0].drifted, "the user has said so"
    with pytest.raises(Conflict):
        write_artifacts(tmp_path, [SECOND])


def test_a_clone_with_other_line_ends_is_no_edit(tmp_path: Path) -> None:
    write_artifacts(tmp_path, [FIRST])
    clone = tmp_path / "clone"
    shutil.copytree(tmp_path / "deploy", clone / "deploy")
    shutil.copy(tmp_path / LOCK, clone / LOCK)
    path = clone / FIRST.path
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert states(clone, SECOND) == ["outdated"]


def test_a_broken_lock_is_said_and_nothing_is_lost(tmp_path: Path) -> None:
    write_artifacts(tmp_path, [FIRST])
    (tmp_path / LOCK).write_text("<<<<<<< HEAD")
    with pytest.raises(Conflict, match=r"nuages\.lock cannot be read"):
        write_artifacts(tmp_path, [SECOND])
    assert (tmp_path / FIRST.path).read_text() == FIRST.text


def test_a_file_that_is_not_text_is_the_users(tmp_path: Path) -> None:
    (tmp_path / "deploy").mkdir()
    (tmp_path / FIRST.path).write_bytes(b"\xff\xfe\x00")
    with pytest.raises(Conflict):
        write_artifacts(tmp_path, [FIRST])
    assert (tmp_path / FIRST.path).read_bytes() == b"\xff\xfe\x00"


def test_the_lock_names_paths_and_hashes_only(tmp_path: Path) -> None:
    write_artifacts(tmp_path, [FIRST])
    document = json.loads((tmp_path / LOCK).read_text())
    assert set(document) == {"version", "generated"}
    assert set(document["generated"]) == {FIRST.path}
