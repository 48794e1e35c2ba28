"""The project in its environment: its commands, run as production runs them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nuages.effects import shell
from nuages.effects.shell import Call, Finished

SCRIPTS = Path(__file__).parent / "scripts"

PATIENCE = {"superuser": 60, "migrate": 3600}
"""Seconds for what is not to end with the rest.

A superuser's signals may wait for a service that is not here; hundreds of migrations take long.
"""


@dataclass(frozen=True)
class Site:
    """Where the project's code is, its Python, and the environment of its processes."""

    python: Path
    directory: Path
    environment: Mapping[str, str] = field(repr=False)
    logs: Path
    line: Callable[[str], None]

    def call(self, *argv: str, **extra: str) -> Call:
        """A program with the environment of the site."""
        return Call(argv, {**self.environment, **extra}, self.directory)

    def manage(self, *command: str, **extra: str) -> Finished:
        """``python -m django COMMAND``: no manage.py can choose other settings."""
        call = self.call(str(self.python), "-m", "django", *command, **extra)
        patience = PATIENCE.get(command[0], 900)
        return shell.run(call, log=self.log(command[0]), line=self.line, timeout=patience)

    def script(
        self, name: str, marker: str, *words: str, **extra: str
    ) -> tuple[Finished, dict[str, Any] | None]:
        """Run one of ours in the project's environment; the JSON after ``marker``, if any."""
        argv = (str(self.python), str(SCRIPTS / f"{name}.py"), name, *words)
        call = self.call(*argv, **extra)  # settings look at sys.argv[1], so there must be one
        finished = shell.run(
            call, log=self.log(name), line=self.line, timeout=PATIENCE.get(name, 300)
        )
        if not marker:
            return finished, None
        answers = [line for line in finished.lines if line.startswith(f"{marker} ")]
        return finished, json.loads(answers[-1].removeprefix(f"{marker} ")) if answers else None

    def log(self, name: str) -> Path:
        return self.logs / f"{name}.log"

    def has(self, program: str) -> bool:
        return (self.python.parent / program).exists()


def search_path(*folders: Path) -> str:
    """PYTHONPATH out of folders, each once."""
    return ":".join(dict.fromkeys(str(folder) for folder in folders))


def code_folders(manage: Path, root: Path) -> tuple[Path, ...]:
    """Where the project's code is imported from.

    Below manage.py's folder, in ``src`` where its own package may not be installed, and, last,
    above it, where some projects import it as a package.
    """
    below = (manage / "src",) if (manage / "src").is_dir() else ()
    return (manage, *below, *(() if manage == root else (manage.parent,)))
