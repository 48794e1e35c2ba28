from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from nuages.effects import shell
from nuages.effects.shell import Call, Process
from nuages.local import state


def test_what_is_written_is_read_back_and_is_private(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    process = Process("web", 1, "123", tmp_path / "web.log")
    state.write(path, "process", "http://localhost:8000", [process])
    found = state.read(path)
    assert found == state.State("process", "http://localhost:8000", (process,))
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("text", ["", "[]", "{", '{"engine": "process"}', '{"processes": [1]}'])
def test_what_cannot_be_read_is_nothing(tmp_path: Path, text: str) -> None:
    path = tmp_path / "state.json"
    path.write_text(text)
    assert state.read(path) is None
    assert state.read(tmp_path / "absent") is None


def test_only_the_very_process_is_alive(tmp_path: Path) -> None:
    call = Call((sys.executable, "-c", "import time; time.sleep(600)"), os.environ, tmp_path)
    process, child = shell.spawn("web", call, tmp_path / "log")
    reused = Process("other", process.pid, "0", process.log)
    found = state.State("process", "", (process, reused))
    assert found.alive == (process,)
    shell.stop(process)
    child.wait()
    assert found.alive == ()
