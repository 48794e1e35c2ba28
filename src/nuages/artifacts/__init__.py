"""The files that Nuages writes, as pure functions of the deployment."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Artifact:
    """A file to be written: its path relative to the project's root, and its text."""

    path: str
    text: str
    executable: bool = False
