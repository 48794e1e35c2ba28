"""Where a run keeps what it needs: folders below ``.nuages`` and the user's cache."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Workspace:
    """The layout of ``.nuages``; every path of a run comes from here."""

    root: Path

    @property
    def home(self) -> Path:
        return self.root / ".nuages"

    @property
    def copy(self) -> Path:
        """The copy of the project's files that is built and run."""
        return self.home / "build"

    @property
    def kept_out(self) -> Path:
        """Which files that git ignores the copy needs all the same."""
        return self.home / "kept-out.json"

    @property
    def overlay(self) -> Path:
        return self.home / "overlay"

    @property
    def logs(self) -> Path:
        return self.home / "logs"

    @property
    def data(self) -> Path:
        """SQLite and sockets."""
        return self.home / "data"

    @property
    def static(self) -> Path:
        return self.home / "static"

    @property
    def own_home(self) -> Path:
        """The home folder that the site sees: it writes nothing into the user's."""
        return self.data / "home"

    @property
    def media(self) -> Path:
        return self.home / "media"

    @property
    def variables(self) -> Path:
        """What was generated or asked for, so that the next run has the same."""
        return self.home / "variables.env"

    @property
    def state(self) -> Path:
        return self.home / "state.json"

    def inside(self, path: str) -> Path:
        """A path of the project, in the copy."""
        return self.copy if path == "." else self.copy / path


def cache_home(environment: Mapping[str, str], platform: str = sys.platform) -> Path:
    """The folder for what several projects share: environments and tools."""
    chosen = environment.get("XDG_CACHE_HOME", "")
    if chosen.startswith("/"):
        return Path(chosen) / "nuages"
    home = Path(environment.get("HOME") or Path.home())
    return home / ("Library/Caches" if platform == "darwin" else ".cache") / "nuages"
