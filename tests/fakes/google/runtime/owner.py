"""Whose a world is: a process of this machine."""

from __future__ import annotations

import os
from pathlib import Path


def owner(process: int) -> str:
    """A process, told from every other that had or will have its number; "" when there is none."""
    try:
        started = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[19]
        return f"{Path('/proc/self/ns/pid').readlink()}/{process}/{started}"
    except OSError:
        return ""


def is_gone(label: str) -> bool:
    space, process, _ = label.split("/")
    mine = owner(os.getpid()).startswith(f"{space}/")
    return mine and owner(int(process)) != label
