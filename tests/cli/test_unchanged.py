"""A clean project is answered from memory, until anything changes."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import pytest
from clean_site import texts_of

from nuages.cli import unchanged

NUAGES = Path(sys.executable).with_name("nuages")


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in texts_of("flat").items():
        path = tmp_path / "site" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path / "site")
    return tmp_path / "site"


def _check(*options: str) -> tuple[int, str]:
    done = subprocess.run([NUAGES, "check", *options], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    return done.returncode, done.stdout


def test_the_same_answer_comes_again(site: Path) -> None:
    code, first = _check()
    assert (code, first[:15]) == (0, "Nothing to mend")
    assert unchanged.answer(["check"]) == first.rstrip("\n")
    assert _check() == (0, first)


def test_a_change_is_read(site: Path) -> None:
    _check()
    with (site / "shop/settings.py").open("a") as settings:
        settings.write("DEBUG = True\n")
    assert unchanged.answer(["check"]) is None
    code, said = _check("--as-is")
    assert (code, "SEC001" in said) == (5, True)
    assert unchanged.answer(["check", "--as-is"]) is None  # findings quote lines


def test_a_new_file_is_a_change(site: Path) -> None:
    _check()
    (site / ".env").write_text("A=1\n")
    assert unchanged.answer(["check"]) is None


def test_other_words_are_another_question(site: Path) -> None:
    _check()
    assert unchanged.answer(["check", "--as-is"]) is None


def test_what_changes_while_it_is_read_is_not_kept(site: Path) -> None:
    before = unchanged.state(".")
    (site / "new.py").touch()
    unchanged.keep(["check"], ".", before, "Nothing to mend")
    assert unchanged.answer(["check"]) is None


def test_a_spoiled_mark_is_none(site: Path) -> None:
    _check()
    (mark,) = (site.parent / "cache/nuages/check").iterdir()
    mark.write_text("[1]")
    assert unchanged.answer(["check"]) is None


def test_what_git_begins_to_track_is_a_change(site: Path) -> None:
    subprocess.run(["git", "init", "--quiet"], cwd=site.parent, check=True)
    (site / ".env").write_text("SECRET_KEY=k3Zx9-fjq2m81xzy\n")
    (site / ".gitignore").write_text(".env\n")
    _check()
    assert unchanged.answer(["check"])
    subprocess.run(["git", "add", "--force", ".env"], cwd=site, check=True)
    assert unchanged.answer(["check"]) is None


def test_an_engine_is_asked_whether_it_is_there(tmp_path: Path) -> None:
    path = tmp_path / "engine.sock"
    with socket.socket(socket.AF_UNIX) as engine:
        engine.bind(str(path))
        engine.listen()
        assert unchanged.listens(f"unix://{path}")
    with pytest.raises(ConnectionRefusedError):
        unchanged.listens(f"unix://{path}")
    with socket.create_server(("127.0.0.1", 0)) as engine:
        assert unchanged.listens(f"tcp://127.0.0.1:{engine.getsockname()[1]}")
    assert unchanged.listens("")
    assert not unchanged.listens("ssh://elsewhere")
