"""The Docker engine: the image, its services and nginx, as ``compose.yaml`` says."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from nuages.effects import clock, files, shell, signals
from nuages.effects.shell import Call
from nuages.errors import ToolMissing, UsageError
from nuages.local import state
from nuages.local.container.launch import Launch
from nuages.local.container.project import FILE, Project
from nuages.local.container.record import ENGINE
from nuages.local.engine import Request, Running
from nuages.local.process.workspace import Workspace

_INSTALL = "https://docs.docker.com/get-docker/"


def is_available(environment: Mapping[str, str] | None = None) -> bool:
    """Tell whether a Docker engine answers, and its compose plugin is there."""
    return _lack(environment) is None


def _lack(environment: Mapping[str, str] | None) -> ToolMissing | None:
    """What is missing for containers to run here."""
    if shell.which("docker", environment.get("PATH") if environment else None) is None:
        return _missing("The program docker is not installed", f"Install it: {_INSTALL}", "docker")
    version = ("docker", "version", "--format", "{{.Server.Version}}")
    answer = shell.run(Call(version, environment), timeout=10)
    if not answer.ok:
        hint = f"Start it, or use --engine process. It said: {answer.tail(1)}"
        return _missing("No Docker engine answers", hint, "docker-engine")
    if not shell.run(Call(("docker", "compose", "version"), environment), timeout=10).ok:
        hint = "Install it: https://docs.docker.com/compose/install/"
        return _missing("Docker has no compose plugin", hint, "docker-compose")
    return None


def _missing(message: str, hint: str, reason: str) -> ToolMissing:
    return ToolMissing(message, hint=hint, reason=f"no-{reason}")


@dataclass
class DockerEngine:
    """Runs the project as containers of this machine."""

    name: str = ENGINE

    def start(self, request: Request) -> Running:
        """Bring everything up; stop whatever was started when any of it fails."""
        lack = _lack(request.environment or None)
        if lack is not None:
            raise lack
        workspace = Workspace(request.root)
        files.private_folder(request.root)
        self._vacate(workspace)
        with signals.interrupting():
            try:
                return Launch(request, workspace).run()
            except BaseException:
                with signals.ignored():
                    self.stop(request.root)
                raise

    def wait(self, running: Running) -> int:
        """Return when no web container runs any more."""
        project = _project(running.logs.parent.parent)
        with signals.interrupting(), contextlib.suppress(KeyboardInterrupt):
            while project.running("web"):
                clock.pause(2)
            return 1
        return 0

    def stop(self, root: Path) -> tuple[str, ...]:
        """Remove the containers of an earlier start; their data stays in volumes."""
        workspace = Workspace(root)
        found = state.read(workspace.state)
        if found is None or found.engine != self.name or not (workspace.home / FILE).exists():
            return ()
        project = _project(root)
        with signals.ignored():
            names = project.containers()
            shell.demand(project.down(), "Stop the containers")
            for process in found.alive:
                shell.stop(process)
            state.forget(workspace.state)
        return names

    def _vacate(self, workspace: Workspace) -> None:
        """Make room: what a killed run left is removed, a site that serves is not."""
        found = state.read(workspace.state)
        if found is None:
            return
        if any(process.name.startswith("web") for process in found.alive):
            raise UsageError(
                f"The project is being served already, at {found.address}",
                hint="`nuages down` stops it.",
                reason="already-running",
            )
        self.stop(workspace.root)


def _project(root: Path) -> Project:
    return Project(root, dict(os.environ))
