"""What an interrupt leaves, whenever it comes."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable
from typing import Any

import pytest

from nuages.effects import shell, signals, start
from nuages.effects.shell import Call

SLEEP = Call(("sleep", "600"))


@pytest.mark.parametrize("use", [shell.run, shell.ask])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_program_that_is_just_being_started_is_ended_too(
    use: Callable[[Call], Any], number: signal.Signals, monkeypatch: pytest.MonkeyPatch
) -> None:
    children: list[subprocess.Popen[str]] = []

    def interrupted(*arguments: Any, **extra: Any) -> subprocess.Popen[str]:
        children.append(start.started(*arguments, **extra))
        os.kill(os.getpid(), number)
        return children[-1]

    monkeypatch.setattr(shell, "started", interrupted)
    monkeypatch.setattr(shell, "outliving", lambda call: interrupted(call, -3, -3))
    with pytest.raises(KeyboardInterrupt), signals.interrupting():
        use(SLEEP)
    (child,) = children
    assert child.returncode is not None


def test_what_is_ignored_stays_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with signals.postponed():
            os.kill(os.getpid(), signal.SIGHUP)
    finally:
        signal.signal(signal.SIGHUP, before)
