from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest

from nuages.effects import clock, shell
from nuages.effects.shell import Call
from nuages.errors import StepFailed, ToolMissing


def python(program: str, **environment: str) -> Call:
    return Call((sys.executable, "-c", program), {**os.environ, **environment})


def test_run_keeps_what_was_printed_and_logs_it(tmp_path: Path) -> None:
    seen: list[str] = []
    program = "import sys; print('one'); print('two', file=sys.stderr); sys.exit(3)"
    finished = shell.run(
        python(program, PYTHONUNBUFFERED="1"), log=tmp_path / "log", line=seen.append
    )
    assert finished.status == 3
    assert finished.lines == ("one", "two")
    assert seen == ["one", "two"]
    assert (tmp_path / "log").read_text() == "one\ntwo\n"


def test_passwords_are_masked_in_the_log(tmp_path: Path) -> None:
    call = python("import os; print('to', os.environ['URL'])", URL="postgres://me:hunter2@db/app")
    shell.run(call, log=tmp_path / "log")
    assert "hunter2" not in (tmp_path / "log").read_text()
    assert "hunter2" not in repr(call)


def test_run_feeds_standard_input() -> None:
    assert shell.run(python("print(input()[::-1])"), text="abc\n").lines == ("cba",)


def test_a_program_that_overstays_is_killed_with_its_children(tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    program = (
        "import subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        f"open({str(pid)!r}, 'w').write(str(child.pid))\n"
        "time.sleep(600)\n"
    )
    finished = shell.run(python(program), timeout=3)
    assert finished.status == shell.TIMED_OUT
    assert clock.until(lambda: not shell.birth(int(pid.read_text())), 10)


def test_demand_says_what_failed_and_shows_the_end_of_the_log(tmp_path: Path) -> None:
    finished = shell.run(python("print('because'); raise SystemExit(1)"), log=tmp_path / "log")
    with pytest.raises(StepFailed, match=r"Make tea: .* status 1") as raised:
        shell.demand(finished, "Make tea", hint="Boil water.", reason="tea")
    assert raised.value.detail == "because"
    assert (raised.value.hint, raised.value.reason) == ("Boil water.", "tea")


def test_a_program_that_is_not_there() -> None:
    with pytest.raises(ToolMissing, match="no-such-program"):
        shell.run(Call(("no-such-program",)))


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ToolMissing, match="gone"):
        shell.run(Call((sys.executable, "-V"), directory=tmp_path / "gone"))


def test_a_spawned_program_is_known_by_its_start_and_stopped(tmp_path: Path) -> None:
    call = Call((sys.executable, "-c", "import time; time.sleep(600)"), os.environ, tmp_path)
    process, child = shell.spawn("sleeper", call, tmp_path / "log")
    assert shell.alive(process)
    other = shell.Process("other", process.pid, "another start", process.log)
    assert not shell.alive(other), "the same id, but not the same process"
    shell.stop(process)
    assert child.wait() == -signal.SIGTERM
    assert not shell.alive(process)


def test_a_program_that_ignores_sigterm_is_killed(tmp_path: Path) -> None:
    program = "import signal, time; signal.signal(15, signal.SIG_IGN); print('on'); time.sleep(600)"
    call = Call((sys.executable, "-u", "-c", program), os.environ, tmp_path)
    process, child = shell.spawn("deaf", call, tmp_path / "log")
    assert clock.until(lambda: (tmp_path / "log").read_text() == "on\n", 20)
    shell.stop(process, grace=0.3)
    assert child.wait() == -signal.SIGKILL


def test_what_is_asked_comes_word_for_word() -> None:
    program = "import os, sys; print(os.environ['JSON']); print(os.environ['URL'], file=sys.stderr)"
    text = '{"PASSWORD=": 1}' * 999
    answer = shell.ask(python(program, JSON=text, URL="x://u:hunter2@h/"))
    assert (answer.status, answer.text) == (0, text + "\n")
    assert answer.said == "x://u:***@h/\n"
    assert text not in repr(answer)


def test_ask_tells_which_process_it_is() -> None:
    seen: list[int] = []
    answer = shell.ask(python("import os; print(os.getpid())"), begun=seen.append)
    assert seen == [int(answer.text)]


_CHILD = """
import pathlib, sys, time
print('begun', flush=True)
time.sleep(0.5)
print('on', flush=True)
pathlib.Path(sys.argv[1]).write_text('written down')
"""
_PARENT = """
import os, signal, sys
from nuages.effects import shell
kill = lambda _: os.kill(os.getpid(), signal.SIGKILL)
shell.run(shell.Call((sys.executable, '-c', sys.argv[1], sys.argv[2])), line=kill)
"""


def test_a_program_outlives_who_is_killed_to_write_down_what_it_made(tmp_path: Path) -> None:
    made = tmp_path / "state"
    parent = shell.run(Call((sys.executable, "-c", _PARENT, _CHILD, str(made))))
    assert parent.status == -signal.SIGKILL
    assert clock.until(made.exists, 20)


_STARTER = """
import os, signal, subprocess, sys
quiet = subprocess.DEVNULL
sleep = [sys.executable, '-c', 'import time; time.sleep(60)']
child = subprocess.Popen(sleep, stdout=quiet, stderr=quiet)
print(child.pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_a_killed_program_has_started_ends_with_it() -> None:
    finished = shell.run(Call((sys.executable, "-c", _STARTER)))
    assert finished.status == -signal.SIGKILL
    assert clock.until(lambda: not shell.birth(int(finished.lines[0])), 10)


def test_a_leader_that_is_waited_for_ends_its_own_group(tmp_path: Path) -> None:
    """As Terraform does: what it has started must live until it has written its work down."""
    said = tmp_path / "log"
    child = "import time; time.sleep(600)"
    program = (
        "import signal, subprocess, sys, time\n"
        f"child = subprocess.Popen([sys.executable, '-c', {child!r}])\n"
        "def end(*_):\n"
        "    time.sleep(0.3)\n"
        "    print('written' if child.poll() is None else 'lost', flush=True)\n"
        "    sys.exit()\n"
        "signal.signal(signal.SIGTERM, end)\n"
        "print('on', flush=True)\n"
        "time.sleep(600)\n"
    )
    call = Call((sys.executable, "-c", program), os.environ, tmp_path)
    process, leader = shell.spawn("leader", call, said)
    assert clock.until(lambda: said.read_text() == "on\n", 20)
    shell.end_group(process.pid, patience=20)
    leader.wait()
    assert said.read_text() == "on\nwritten\n"
