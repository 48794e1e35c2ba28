"""Starts programs, for ``shell`` alone: in a session of their own, by an argv, never a line."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from nuages.errors import ToolMissing


@dataclass(frozen=True)
class Account:
    """The user that a program runs as, where this process is root and the program refuses it."""

    uid: int
    gid: int


@dataclass(frozen=True)
class Call:
    """A program to start: its argv, its whole environment (None: this process's own), where."""

    argv: tuple[str, ...]
    environment: Mapping[str, str] | None = field(default=None, repr=False)
    directory: Path | None = None
    account: Account | None = None
    patience: float = 0.0
    """Seconds that it has to end by itself when it is interrupted, before its whole group is."""


def started(
    call: Call,
    source: int,
    sink: int,
    errors: int = subprocess.STDOUT,
    held: tuple[int, ...] = (),
) -> subprocess.Popen[str]:
    """Start a program; raises ToolMissing where it is not there."""
    account = call.account
    try:
        return subprocess.Popen(
            list(call.argv),
            env=None if call.environment is None else dict(call.environment),
            cwd=call.directory,
            stdin=source,
            stdout=sink,
            stderr=errors,
            text=True,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
            pass_fds=held,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
        )
    except FileNotFoundError as missing:
        raise ToolMissing(
            f"`{call.argv[0]}` cannot be started: {missing.filename} does not exist",
            hint="Install it, or put it on PATH.",
        ) from missing


def outliving(call: Call) -> subprocess.Popen[str]:
    """Start a program that writes on, to nobody, should this process be killed.

    It holds the other end of its own output too: else it would die of its next line, as Terraform
    does with everything in hand that it has made and not written down.
    """
    reading, writing = os.pipe()
    try:
        child = started(call, subprocess.PIPE, writing, held=(reading,))
    except BaseException:
        os.close(reading)
        raise
    finally:
        os.close(writing)
    child.stdout = os.fdopen(reading, encoding="utf-8", errors="replace")
    return child
