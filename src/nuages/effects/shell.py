"""The only place where programs are started: to their end, or in a group of their own.

A program gets an argv and a whole environment, never a shell line. What it prints goes to a
log file line by line, with passwords masked, and its last lines are kept for the report.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import threading
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from nuages.effects import clock, signals, start
from nuages.effects.start import outliving, started
from nuages.errors import StepFailed
from nuages.text import redacted

Account: TypeAlias = start.Account
Call: TypeAlias = start.Call
KEPT = 4000
"""Lines of output that stay in memory."""
TIMED_OUT = 124
INTERRUPT = signal.SIGINT
TERMINATE = signal.SIGTERM


@dataclass(frozen=True)
class Finished:
    """A program that ended: its exit status and what it printed."""

    argv: tuple[str, ...]
    status: int
    lines: tuple[str, ...]
    log: Path | None = None

    @property
    def ok(self) -> bool:
        return self.status == 0

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    def tail(self, count: int = 25) -> str:
        return "\n".join(self.lines[-count:])


@dataclass(frozen=True)
class Answer:
    """A program that was asked something: its exit status, and word for word what it printed."""

    argv: tuple[str, ...]
    status: int
    text: str = field(repr=False)
    """Its standard output, which may hold secrets: it is for reading, and in no log."""
    said: str
    """Its standard error, with passwords masked."""


@dataclass(frozen=True)
class Process:
    """A program that runs on: its id, which is its group's too, and when it was started."""

    name: str
    pid: int
    started: str
    log: Path


def which(program: str, path: str | None = None) -> str | None:
    """Where a program is, or None."""
    return shutil.which(program, path=path)


def run(
    call: Call,
    *,
    log: Path | None = None,
    timeout: float | None = None,
    text: str | None = None,
    line: Callable[[str], None] | None = None,
    begun: Callable[[int], None] | None = None,
) -> Finished:
    """Run a program to its end, whatever its status; standard error is part of its output.

    ``text`` is what it reads from standard input; ``line`` is told each line as it comes, and
    ``begun`` the program's id.
    Whatever interrupts this call ends the program and everything that it started.
    """
    lines: deque[str] = deque(maxlen=KEPT)
    with _running(call, lambda: outliving(call), begun) as child:
        with _deadline(child.pid, timeout) as expired:
            _feed(child, text)
            _drain(child, lines, log, line)
            status = child.wait()
        if status < 0:  # killed: what it had started has nobody left to end it
            _signal(child.pid, signal.SIGKILL)
    return Finished(call.argv, TIMED_OUT if expired.is_set() else status, tuple(lines), log)


def ask(call: Call, *, begun: Callable[[int], None] | None = None) -> Answer:
    """Run a program for what it prints, of which nothing is cut, masked or logged.

    ``begun`` is told the program's id.
    """
    pipes = (subprocess.PIPE, subprocess.PIPE, subprocess.PIPE)
    with _running(call, lambda: started(call, *pipes), begun) as child:
        text, said = child.communicate("")
    return Answer(call.argv, child.returncode, text, redacted(said))


@contextlib.contextmanager
def _running(
    call: Call,
    start: Callable[[], subprocess.Popen[str]],
    begun: Callable[[int], None] | None,
) -> Iterator[subprocess.Popen[str]]:
    """A program while something is done with it; ended with its group if that is interrupted."""
    child: subprocess.Popen[str] | None = None
    try:
        with signals.postponed():  # until it is known which program there is to end
            child = start()
        if begun:
            begun(child.pid)
        yield child
    except BaseException:
        if child is not None:
            end_group(child.pid, patience=call.patience)
            child.wait()
        raise


@contextlib.contextmanager
def _deadline(group: int, seconds: float | None) -> Iterator[threading.Event]:
    expired = threading.Event()

    def expire() -> None:
        expired.set()
        _signal(group, signal.SIGKILL)

    timer = threading.Timer(seconds or 0, expire)
    if seconds:
        timer.start()
    try:
        yield expired
    finally:
        timer.cancel()


def demand(finished: Finished, title: str, hint: str = "", reason: str = "") -> Finished:
    """Return what ended well; raise StepFailed, with the end of its log, for what did not."""
    if finished.ok:
        return finished
    where = f" (the whole log: {finished.log})" if finished.log else ""
    message = f"{title}: `{Path(finished.argv[0]).name}` ended with status {finished.status}{where}"
    raise StepFailed(message, hint=hint, reason=reason, detail=finished.tail())


def spawn(
    name: str, call: Call, log: Path, begun: Callable[[Process], None] | None = None
) -> tuple[Process, subprocess.Popen[str]]:
    """Start a program that runs on, in a session of its own, writing straight to its log.

    ``begun`` is told of it before anything can interrupt, so that it can be stopped then.
    """
    with log.open("a", encoding="utf-8") as stream, signals.postponed():
        child = started(call, subprocess.DEVNULL, stream.fileno())
        process = Process(name, child.pid, birth(child.pid), log)
        if begun:
            begun(process)
    return process, child


def alive(process: Process) -> bool:
    """Tell whether that very process still runs, and not another that took over its id."""
    return bool(process.started) and birth(process.pid) == process.started


def stop(process: Process, grace: float = 20.0, first: signal.Signals = signal.SIGTERM) -> None:
    """Ask a process to end, then its whole group to die when it has not after ``grace``."""
    if not alive(process):
        return
    _ask_leader(process.pid, first, grace)
    _signal(process.pid, signal.SIGKILL)


def end_group(pid: int, grace: float = 5.0, patience: float = 0.0) -> None:
    """End a group that this process started: TERM, then KILL.

    With ``patience``, seconds, its leader is asked alone at first: Terraform finishes what it is
    making and writes it down, which it cannot once its providers are gone.
    """
    if patience:
        _ask_leader(pid, signal.SIGTERM, patience)
    _signal(pid, signal.SIGTERM)
    clock.until(lambda: not birth(pid), grace, every=0.05)
    _signal(pid, signal.SIGKILL)


def _ask_leader(pid: int, number: signal.Signals, seconds: float) -> None:
    """Signal one process alone, and wait until it has ended, or no longer."""
    born = birth(pid)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, number)
    clock.until(lambda: not born or birth(pid) != born, seconds, every=0.05)


def birth(pid: int) -> str:
    """When a process was started, as the system says it; empty when it is gone or a zombie."""
    stat = Path(f"/proc/{pid}/stat")
    if Path("/proc/self/stat").exists():
        try:
            fields = stat.read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
        except OSError:
            return ""
        return "" if fields[0] in "ZX" else fields[19]
    found = subprocess.run(
        ["ps", "-o", "stat=,lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    state, _, since = found.stdout.strip().partition(" ")
    return "" if not state or state.startswith("Z") else since.strip()


def command_line(pid: int) -> str:
    """The words that a process was started with; empty when it is gone."""
    try:
        return (
            Path(f"/proc/{pid}/cmdline")
            .read_bytes()
            .replace(b"\0", b" ")
            .decode("utf-8", "replace")
        )
    except OSError:
        pass
    if Path("/proc/self").exists():
        return ""
    argv = ["ps", "-o", "command=", "-p", str(pid)]
    return subprocess.run(argv, capture_output=True, text=True, check=False).stdout.strip()


def _signal(group: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


def _feed(process: subprocess.Popen[str], text: str | None) -> None:
    if process.stdin is not None:
        with contextlib.suppress(BrokenPipeError):
            process.stdin.write(text or "")
            process.stdin.close()


def _drain(
    process: subprocess.Popen[str],
    lines: deque[str],
    log: Path | None,
    line: Callable[[str], None] | None,
) -> None:
    if process.stdout is None:
        return
    with contextlib.ExitStack() as stack:
        out = stack.enter_context(log.open("a", encoding="utf-8")) if log else None
        for raw in process.stdout:
            clean = redacted(raw.rstrip("\n"))
            lines.append(clean)
            if out:
                out.write(clean + "\n")
                out.flush()
            if line:
                line(clean)
