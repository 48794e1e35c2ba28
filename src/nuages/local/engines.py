"""The engines by name, and which one a run gets."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping

from nuages.local.engine import Engine


def _process() -> Engine:
    from nuages.local.process.engine import ProcessEngine  # noqa: PLC0415  (start-up counts)

    return ProcessEngine()


def _docker() -> Engine:
    made: Engine = importlib.import_module("nuages.local.docker").DockerEngine()
    return made


ENGINES: Mapping[str, Callable[[], Engine]] = {"process": _process, "docker": _docker}


def choose(name: str) -> Engine:
    """The engine of that name; ``auto`` takes containers where a Docker engine answers."""
    if name == "auto":
        answers: bool = importlib.import_module("nuages.local.docker").is_available()
        name = "docker" if answers else "process"
    return ENGINES[name]()
