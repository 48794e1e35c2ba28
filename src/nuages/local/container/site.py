"""The project in its image: scripts run in a container as the process engine runs them here."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from nuages.effects.shell import Finished
from nuages.local.container.project import Project
from nuages.local.process.site import SCRIPTS, Site


@dataclass(frozen=True)
class ContainerSite(Site):
    """Where a script runs: in the web container that serves, or in one of its own."""

    project: Project | None = None
    alone: bool = False

    def script(
        self, name: str, marker: str, *words: str, **extra: str
    ) -> tuple[Finished, dict[str, Any] | None]:
        """Run one of our scripts; it and ``extra`` go in by standard input, where nobody looks."""
        if self.project is None:
            return super().script(name, marker, *words, **extra)
        source = (SCRIPTS / f"{name}.py").read_text(encoding="utf-8")
        given = f"import json, os; os.environ.update(json.loads({json.dumps(extra)!r}))\n"
        head = ("run", "--rm", "--no-deps", "-T") if self.alone else ("exec", "-T")
        argv = (*head, "web", "python", "-", name, *words)
        finished = self.project.run(*argv, log=name, text=given + source, timeout=300)
        return finished, _answer(finished, marker)


def _answer(finished: Finished, marker: str) -> dict[str, Any] | None:
    """The JSON behind the marker, which may follow what standard error left without a line end."""
    found = [line.partition(f"{marker} ")[2] for line in finished.lines if f"{marker} {{" in line]
    answer: dict[str, Any] | None = json.loads(found[-1]) if marker and found else None
    return answer
