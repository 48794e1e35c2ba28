"""Redis or Valkey, when one of them is installed here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from nuages.effects import clock, files, network, shell
from nuages.effects.shell import Call, Process

PROGRAMS = ("valkey-server", "redis-server")


def program(environment: Mapping[str, str]) -> str | None:
    """Where a server is, or None."""
    path = f"{environment.get('PATH', '')}:/opt/homebrew/bin:/usr/local/bin"
    return next(filter(None, (shell.which(name, path) for name in PROGRAMS)), None)


def start(
    server: str,
    folder: Path,
    log: Path,
    environment: Mapping[str, str],
    begun: Callable[[Process], None],
) -> tuple[Process, str]:
    """The server and its URL; it keeps nothing on disk."""
    port = network.any_port()
    options = ("--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no")
    argv = (server, *options, "--dir", str(files.folder(folder)), "--daemonize", "no")
    process, _ = shell.spawn("redis", Call(argv, environment, folder), log, begun)
    clock.until(lambda: network.answers(port) or not shell.alive(process), 20)
    return process, f"redis://127.0.0.1:{port}/0"
