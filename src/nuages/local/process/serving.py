"""The production server, and the workers beside it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from nuages.effects import clock, files, network, shell
from nuages.effects.shell import Process
from nuages.errors import StepFailed
from nuages.local import causes
from nuages.local.engine import Request
from nuages.local.process import certificate, server
from nuages.local.process.environment import Environment
from nuages.local.process.record import Record
from nuages.local.process.site import Site
from nuages.local.process.workspace import Workspace

WORKERS = 2
SECONDS = 120
WATCHED = 4
"""Seconds in which a worker that cannot import the site has ended."""


@dataclass
class Serving:
    request: Request
    workspace: Workspace
    record: Record
    site: Site
    environment: Environment
    port: int

    def start(self, mend: Callable[[str], Site | None]) -> None:
        """Start the server; once more where something had to be brought for it."""
        if network.answers(self.port):  # let go of a moment ago, for our server
            raise _fails("Address already in use")
        kind, argv = self._command()
        with self.request.listener.step(f"Start {kind} on port {self.port}"):
            process = self.record.spawn("web", self.site.call(*argv))
            while not self._is_up(process) and (mended := mend(_text(process.log))):
                self.site = mended
                process = self.record.spawn("web", self.site.call(*argv))
            if not self._is_up(process):
                raise _fails(_text(process.log))

    def beside(self, broker: str) -> None:
        """Workers and the scheduler, where there is a broker for them."""
        wanted = [service for service in self.request.deployment.services if service.command]
        if not wanted:
            return
        for service in (each for each in wanted if not self._is_here(each.command[0])):
            text = f"{service.name} does not run: {service.command[0]} is not installed"
            self.record.difference(f"{text} by what production asks for")
        wanted = [each for each in wanted if self._is_here(each.command[0])]
        if wanted and not broker:
            names = ", ".join(service.name for service in wanted)
            self.record.difference(f"{names} does not run: there is no broker here")
            return
        if not wanted:
            return
        started = [self.record.spawn(s.name, self.site.call(*s.command)) for s in wanted]
        with self.request.listener.step(f"Start {', '.join(s.name for s in wanted)}"):
            clock.until(lambda: not any(map(shell.alive, started)), WATCHED)
        for process in (process for process in started if not shell.alive(process)):
            self.record.notice("worker-failed", _why_ended(process))

    def _is_here(self, program: str) -> bool:
        return shutil.which(program, path=self.site.environment.get("PATH")) is not None

    def _command(self) -> tuple[str, tuple[str, ...]]:
        installed = frozenset(self.environment.packages)
        process = self.request.deployment.web.server
        runnable = server.runnable(process, installed) if process else None
        if runnable is None:
            raise StepFailed("No production server is installed", reason="no-server")
        listening = server.Listening(
            self.port,
            self.request.replicas or WORKERS,
            self.workspace.logs / "access.log",
            files.folder(self.workspace.data),
            *self._certificate(),
            worker_class=server.worker_class(runnable.asgi, installed),
            control_socket=_has_control_socket(self.environment),
            graceful=server.is_graceful(self.environment.packages.get("uvicorn")),
        )
        files.write(listening.scratch / server.CONFIG, "")
        if runnable.kind == "gunicorn" and (self.site.directory / server.CONFIG).is_file():
            text = f"the project's {server.CONFIG} is not read: the server's options are ours"
            self.record.difference(text)
        return runnable.kind, server.argv(runnable, listening, self.environment.folder / "bin")

    def _certificate(self) -> tuple[Path | None, Path | None]:
        if not self.request.tls:
            return None, None
        return certificate.make(self.workspace.home / "tls", self.site.environment)

    def _is_up(self, process: Process) -> bool:
        """Whether it answers a request: gunicorn takes connections before the site is loaded."""
        answers = network.answers if self.request.tls else network.responds

        def ended() -> bool:  # who answers on a port that is taken is somebody else
            return is_taken(_text(process.log)) or not shell.alive(process)

        clock.until(lambda: ended() or answers(self.port), SECONDS)
        if is_taken(_text(process.log)):
            shell.stop(process)
        return not ended() and answers(self.port)


def _has_control_socket(environment: Environment) -> bool:
    found = environment.folder.glob("lib/python3*/site-packages/gunicorn/config.py")
    return any("--no-control-socket" in path.read_text(encoding="utf-8") for path in found)


def _why_ended(process: Process) -> str:
    log = _text(process.log)
    cause = causes.likely(log)
    why = cause.explanation if cause else causes.place(log)
    return f"{process.name} has ended, and the site runs on without it: {why} ({process.log})"


def is_taken(log: str) -> bool:
    """Whether a server says that somebody else listens on its port already."""
    return bool(re.search(r"Connection in use|[Aa]ddress already in use", log))


def _fails(log: str) -> StepFailed:
    if is_taken(log):
        hint = "Choose another with --port."
        return StepFailed("The port was taken meanwhile", hint=hint, reason="port-taken")
    log = causes.first_failure(log)
    cause = causes.likely(log)
    return StepFailed(
        f"The server does not start{f': {cause.explanation}' if cause else ''}",
        reason=cause.code if cause else "server-failed",
        hint=cause.remedy if cause else "",
        detail="\n".join(log.splitlines()[-25:]),
    )


def _text(log: Path) -> str:
    return log.read_text(encoding="utf-8", errors="replace")
