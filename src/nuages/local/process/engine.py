"""The process engine: a run from its request to its answer, and back down."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uv as uv_package

from nuages.effects import clock, files, signals
from nuages.effects.shell import alive
from nuages.errors import UsageError
from nuages.local import state
from nuages.local.engine import Request, Running
from nuages.local.process import services
from nuages.local.process.inspection import inspection
from nuages.local.process.launch import Launch
from nuages.local.process.workspace import Workspace

NEEDED = frozenset({"web", "postgresql", "mysql"})


@dataclass
class ProcessEngine:
    """Runs the project as processes of this machine."""

    name: str = "process"

    def start(self, request: Request) -> Running:
        """Bring everything up; stop whatever was started when any of it fails."""
        workspace = Workspace(request.root)
        files.private_folder(request.root)
        self._vacate(workspace)
        launch = Launch(request, workspace, uv_package.find_uv_bin())
        with signals.interrupting():
            try:
                return launch.run()
            except BaseException:
                with signals.ignored():
                    launch.give_up()
                    self.stop(request.root)
                raise

    def inspect(self, request: Request) -> dict[str, Any]:
        """Ask Django about the project; whatever was started for it is stopped again."""
        workspace = Workspace(request.root)
        files.private_folder(request.root)
        self._vacate(workspace)
        launch = Launch(request, workspace, uv_package.find_uv_bin())
        with signals.interrupting():
            try:
                return inspection(launch)
            finally:
                with signals.ignored():
                    launch.give_up()
                    self.stop(request.root)

    def wait(self, running: Running) -> int:
        """Return when the server or its database ends by itself; a worker may."""
        needed = [p for p in running.processes if p.name in NEEDED]
        with signals.interrupting(), contextlib.suppress(KeyboardInterrupt):
            while all(alive(process) for process in needed):
                clock.pause(0.3)
            return 1
        return 0

    def stop(self, root: Path) -> tuple[str, ...]:
        """Stop what was written down as running, the last started first."""
        workspace = Workspace(root)
        found = state.read(workspace.state)
        if found is None or found.engine != self.name:
            return ()
        stopped = []
        with signals.ignored():
            for process in reversed(found.alive):
                services.stop(process)
                stopped.append(process.name)
            state.forget(workspace.state)
        return tuple(stopped)

    def _vacate(self, workspace: Workspace) -> None:
        """Make room: what a killed run left is stopped, a site that serves is not."""
        found = state.read(workspace.state)
        if found and any(process.name.startswith("web") for process in found.alive):
            raise UsageError(
                f"The project is being served already, at {found.address}",
                hint="`nuages down` stops it.",
                reason="already-running",
            )
        self.stop(workspace.root)
