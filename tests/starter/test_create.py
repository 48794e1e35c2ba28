"""Making a project: whole and under its own name, or not at all."""

from __future__ import annotations

import errno
import json
import os
import re
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from nuages.cli.app import run
from nuages.effects import files
from nuages.errors import StepFailed, UsageError
from nuages.project.tree import hashed
from nuages.starter import create as create_module
from nuages.starter.create import create, starter_files

ROOT = Path(__file__).parents[2]
NUAGES = [sys.executable, "-c", "from nuages.cli import main; main()"]


@pytest.fixture
def made(tmp_path: Path) -> Path:
    return create("blue-note", tmp_path / "blue-note").root


def _tracked() -> set[str]:
    folder = "src/nuages/starter/project"
    argv = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "."]
    listed = subprocess.run(argv, cwd=ROOT / folder, capture_output=True, text=True, check=True)
    return set(listed.stdout.splitlines())


def test_it_holds_every_file_of_the_starter_and_a_secret(made: Path) -> None:
    present = {p.relative_to(made).as_posix() for p in made.rglob("*") if p.is_file()}
    assert present == {*starter_files(), ".env"}
    assert {"manage.py", ".gitignore", "uv.lock", "config/settings/base.py"} <= present


def test_what_ships_is_what_is_tracked() -> None:
    assert set(starter_files()) == _tracked()


def test_no_file_still_has_the_name_of_the_starter(made: Path) -> None:
    old = re.compile(rb"(?<![A-Za-z0-9])mysite(?![A-Za-z0-9])")
    files_ = [p for p in made.rglob("*") if p.is_file()]
    assert [p for p in files_ if old.search(p.read_bytes())] == []
    assert 'name = "blue-note"' in (made / "pyproject.toml").read_text()
    assert 'name = "blue-note"' in (made / "uv.lock").read_text()


def test_the_secret_is_new_each_time_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    secrets = []
    for name in ("first-one", "second-one"):
        path = create(name, tmp_path / name).root / ".env"
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        secrets.append(re.findall(r"^DJANGO_SECRET_KEY=(\S{50,})$", path.read_text(), re.M))
    assert len(secrets[0]) == len(secrets[1]) == 1
    assert secrets[0] != secrets[1]


def test_git_ignores_the_secret_and_nothing_else(tmp_path: Path) -> None:
    assert run(["new", "blue-note", "--path", str(tmp_path / "it"), "--git"]) == 0
    argv = ["git", "status", "--porcelain", "--untracked-files=all"]
    shown = subprocess.run(argv, cwd=tmp_path / "it", capture_output=True, text=True, check=True)
    listed = {line[3:] for line in shown.stdout.splitlines()}
    assert listed == set(starter_files())


def test_manage_py_can_be_run_and_the_rest_cannot(made: Path) -> None:
    assert os.access(made / "manage.py", os.X_OK)
    assert not (made / "pyproject.toml").stat().st_mode & 0o111


def test_an_empty_folder_is_filled_where_it_stands(tmp_path: Path) -> None:
    folder = tmp_path / "here"
    folder.mkdir()
    before = folder.stat().st_ino
    create("blue-note", folder)
    assert folder.stat().st_ino == before
    assert set(starter_files()) < {
        p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()
    }
    assert not list(folder.glob(".new-*"))


@pytest.mark.parametrize("kind", ["file inside", "a file", "a broken link"])
def test_what_is_there_already_is_left_alone(tmp_path: Path, kind: str) -> None:
    folder = tmp_path / "taken"
    if kind == "file inside":
        folder.mkdir()
        (folder / "notes.txt").write_text("mine")
    elif kind == "a file":
        folder.write_text("mine")
    else:
        folder.symlink_to(tmp_path / "nowhere")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(UsageError) as caught:
        create("blue-note", folder)
    assert caught.value.reason == "folder-not-empty"
    assert sorted(tmp_path.rglob("*")) == before


def test_a_taken_name_is_refused_before_anything_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["new", "django", "--path", str(tmp_path / "it")]) == UsageError.exit_code
    assert "nuages new my-django" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_cannot_grow_leaves_nothing(tmp_path: Path) -> None:
    """The kernel refuses for real: no file of this process may exceed 20 000 bytes."""
    program = (
        "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000));"
        "from nuages.cli import main; main()"
    )
    argv = [sys.executable, "-c", program, "new", "blue-note", "--path", str(tmp_path / "a/b")]
    ended = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert ended.returncode == StepFailed.exit_code, ended.stderr
    assert "File too large" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount")
@pytest.mark.parametrize("given", ["new", "empty"])
def test_a_full_disk_leaves_nothing(tmp_path: Path, given: str) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=96k", "tmpfs", str(disk)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("this machine lets nobody mount")
    try:
        target = disk if given == "empty" else disk / "blue-note"
        with pytest.raises(StepFailed, match=os.strerror(errno.ENOSPC)):
            create("blue-note", target)
        assert list(disk.iterdir()) == []
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_a_folder_that_may_not_be_written_is_an_answer(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StepFailed) as caught:
        create("blue-note", tmp_path / "file" / "below")
    assert caught.value.reason == "cannot-write"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    written = []

    def write(path: Path, *rest: object) -> None:
        written.append(path)
        if len(written) == 10:
            os.kill(os.getpid(), number)

    monkeypatch.setattr(files, "write", write)
    assert run(["new", "blue-note", "--path", str(tmp_path / "it")]) == 130
    assert len(written) >= 10
    assert list(tmp_path.iterdir()) == []


def test_a_move_that_fails_half_way_is_undone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename, moved = Path.rename, []

    def failing(self: Path, target: Path) -> Path:
        if target.parent == tmp_path / "it":
            moved.append(target)
            if len(moved) == 3:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return rename(self, target)

    (tmp_path / "it").mkdir()
    monkeypatch.setattr(Path, "rename", failing)
    with pytest.raises(StepFailed):
        create("blue-note", tmp_path / "it")
    assert list((tmp_path / "it").iterdir()) == []


def test_the_lock_of_generated_files_knows_the_new_texts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "starter"
    source.mkdir()
    (source / ".gitignore").write_text("")
    (source / "uv.lock").write_text("")
    (source / "compose.yaml").write_text("name: mysite\n")
    lock = {"version": 1, "generated": {"compose.yaml": "of the old text"}}
    (source / "nuages.lock").write_text(json.dumps(lock))
    monkeypatch.setattr(create_module, "_source", lambda: source)
    made = create("blue-note", tmp_path / "made").root
    after = json.loads((made / "nuages.lock").read_text())
    assert after["generated"] == {"compose.yaml": hashed("name: blue-note\n")}


def test_the_answer_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["new", "blue-note", "--path", str(tmp_path / "it"), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["root"] == str(tmp_path / "it")
    assert "manage.py" in document["files"]
