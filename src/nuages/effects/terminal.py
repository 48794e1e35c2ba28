"""Programs that have the terminal to themselves, and waiting for the Ctrl-C that ends us."""

from __future__ import annotations

import signal
import subprocess
import threading

from nuages.effects.shell import Call
from nuages.errors import ToolMissing


def attached(call: Call) -> int:
    """Run a program that has this terminal to itself; return its exit status.

    Ctrl-C is the program's own meanwhile.
    """
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        return subprocess.run(
            list(call.argv),
            env=None if call.environment is None else dict(call.environment),
            cwd=call.directory,
            check=False,
            restore_signals=True,
            preexec_fn=_interruptible,
        ).returncode
    except FileNotFoundError as missing:
        raise ToolMissing(
            f"`{call.argv[0]}` cannot be started: it is not installed here",
            hint="Install it, or put it on PATH.",
        ) from missing
    finally:
        signal.signal(signal.SIGINT, before)


def wait_for_end() -> None:
    """Do nothing until this process is interrupted."""
    threading.Event().wait()


def _interruptible() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
