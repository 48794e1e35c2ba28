"""The engines by name, and which one a run gets."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from nuages.errors import NotBuilt
from nuages.local.engine import Engine, Request, Running


def _process() -> Engine:
    from nuages.local.process.engine import ProcessEngine  # noqa: PLC0415  (start-up counts)

    return ProcessEngine()


def _docker() -> Engine:
    made: Engine = importlib.import_module("nuages.local.docker").DockerEngine()
    return made


@dataclass
class EitherEngine:
    """Containers, or processes where the image cannot be built here: one it stands on is absent,
    or its build fails in a way that nothing here mends."""

    chosen: Engine
    name: str = "auto"

    def start(self, request: Request) -> Running:
        try:
            return self.chosen.start(request)
        except NotBuilt as failure:
            self._tell(request, failure)
            self.chosen = _process()
            return self.chosen.start(request)

    def _tell(self, request: Request, failure: NotBuilt) -> None:
        text = f"{failure.message}. It runs as processes instead"
        if failure.reason != "image-unavailable":
            text += "; a deployment needs the image: `nuages up --engine docker` shows the failure"
        request.listener.notice(failure.reason, text)

    def wait(self, running: Running) -> int:
        return self.chosen.wait(running)

    def stop(self, root: Path) -> tuple[str, ...]:
        return self.chosen.stop(root)


ENGINES: Mapping[str, Callable[[], Engine]] = {"process": _process, "docker": _docker}


def choose(name: str) -> Engine:
    """The engine of that name; ``auto`` takes containers where a Docker engine answers."""
    if name == "auto":
        answers: bool = importlib.import_module("nuages.local.docker").is_available()
        return EitherEngine(_docker()) if answers else _process()
    return ENGINES[name]()
