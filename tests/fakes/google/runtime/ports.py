"""Ports of this machine: the same ones again for a world that is started anew."""

from __future__ import annotations

import json
import socket
from pathlib import Path


def free_port(wanted: int = 0) -> int:
    """`wanted`, if nobody has it."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", wanted))
        except OSError:
            return free_port()
        return int(probe.getsockname()[1])


class Ports:
    """Who had which port, kept in a file."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._known: dict[str, int] = json.loads(file.read_text()) if file.exists() else {}

    def port(self, owner: str) -> int:
        self._known[owner] = free_port(self._known.get(owner, 0))
        self._file.write_text(json.dumps(self._known))
        return self._known[owner]
