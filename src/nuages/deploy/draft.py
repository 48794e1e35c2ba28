"""What Terraform is given to plan."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

HOME = "plan"
OVERRIDE = "nuages_override.tf"
"""Terraform lets a file of such a name replace blocks of the others."""


@dataclass(frozen=True)
class Draft:
    """A private copy of the infrastructure."""

    folder: Path
    original: str
    """Where the same files are, or would be, below the project's root."""
    notices: tuple[str, ...]

    def place(self, name: str) -> str:
        """A file of the draft as people know it, relative to the project's root."""
        return f"{self.original}/{name}"
