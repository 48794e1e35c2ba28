"""A program that outlives a release which was killed: ended before the next one begins."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from nuages.effects import files, shell

GRACE = 60
"""Seconds for it to end by itself: Terraform finishes what it is making, and writes that down."""


@dataclass(frozen=True)
class Running:
    """The file that names the program which a release runs now."""

    path: Path

    def begun(self, pid: int) -> None:
        """Write it down, to be found by whoever comes after a sudden death."""
        files.write(self.path, json.dumps({"pid": pid, "born": shell.birth(pid)}))

    def ended(self) -> None:
        files.remove(self.path)

    def end(self) -> bool:
        """End what an earlier release has left running; tell whether there was anything."""
        try:
            found = json.loads(self.path.read_text("utf-8"))
            pid, born = int(found["pid"]), str(found["born"])
        except (OSError, ValueError, KeyError, TypeError):
            return False
        alive = bool(born) and shell.birth(pid) == born
        if alive:
            shell.end_group(pid, patience=GRACE)
        self.ended()
        return alive
