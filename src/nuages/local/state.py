"""What runs, written down so that another command can stop it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from nuages.effects import files, shell
from nuages.effects.shell import Process


@dataclass(frozen=True)
class State:
    engine: str
    address: str
    processes: tuple[Process, ...]

    @property
    def alive(self) -> tuple[Process, ...]:
        return tuple(process for process in self.processes if shell.alive(process))


def read(path: Path) -> State | None:
    """What was written down; None when there is nothing, or nothing that can be read."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        processes = tuple(
            Process(entry["name"], int(entry["pid"]), entry["started"], Path(entry["log"]))
            for entry in found["processes"]
        )
        return State(found["engine"], found["address"], processes)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write(path: Path, engine: str, address: str, processes: Iterable[Process]) -> None:
    entries = [
        {"name": p.name, "pid": p.pid, "started": p.started, "log": str(p.log)} for p in processes
    ]
    document = {"engine": engine, "address": address, "processes": entries}
    files.write_secret(path, json.dumps(document, indent=2) + "\n")


def forget(path: Path) -> None:
    path.unlink(missing_ok=True)
