"""The containers of one project: what is asked of ``docker compose``, and its answers."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from nuages.effects import shell
from nuages.effects.shell import Call, Finished
from nuages.text import slug

FILE = "compose.yaml"


KEY = "database-password"
"""A file below ``.nuages``: the volumes that know this password are found by it again."""


def name_of(root: Path) -> str:
    """The name of a project's containers and volumes.

    Two folders of the same name do not meet, nor does a folder whose ``.nuages`` was removed
    meet its old database, into which its new password does not let it.
    """
    key = root / ".nuages" / KEY
    secret = key.read_text(encoding="utf-8") if key.exists() else ""
    mark = hashlib.sha256(f"{root}\0{secret}".encode()).hexdigest()[:6]
    return f"nuages-{slug(root.name, 30)}-{mark}"


@dataclass(frozen=True)
class Project:
    """``.nuages/compose.yaml`` of a folder, under a name of its own."""

    root: Path
    environment: Mapping[str, str] = field(repr=False)
    line: Callable[[str], None] | None = None

    @property
    def name(self) -> str:
        return name_of(self.root)

    @property
    def home(self) -> Path:
        return self.root / ".nuages"

    @property
    def image(self) -> str:
        return f"{self.name}:local"

    def argv(self, *words: str) -> tuple[str, ...]:
        head = ("docker", "compose", "--project-name", self.name)
        options = ("--file", str(self.home / FILE), "--progress", "plain", "--ansi", "never")
        return (*head, *options, *words)

    def call(self, *words: str) -> Call:
        return Call(self.argv(*words), self.environment, self.home)

    def run(
        self, *words: str, log: str = "", text: str | None = None, timeout: float | None = None
    ) -> Finished:
        """Run ``docker compose`` to its end; what it prints goes to ``log`` too."""
        path = self.home / "logs" / f"{log}.log" if log else None
        return shell.run(self.call(*words), log=path, text=text, line=self.line, timeout=timeout)

    def running(self, service: str) -> tuple[str, ...]:
        """The containers of a service that run now."""
        return self._listed("ps", "--quiet", "--status", "running", service)

    def containers(self) -> tuple[str, ...]:
        """The names of all containers, those that have ended included."""
        return self._listed("ps", "--all", "--format", "{{.Name}}")

    def failed(self) -> dict[str, str]:
        """The containers that ended badly or are not well, and their services."""
        found = shell.run(self.call("ps", "--all", "--format", "json"))
        entries = [json.loads(line) for line in found.lines if line.startswith("{")]
        ill = ("unhealthy", "restarting")
        bad = [
            entry
            for entry in entries
            if entry.get("ExitCode") or entry.get("Health") in ill or entry.get("State") in ill
        ]
        return {str(entry["Name"]): str(entry["Service"]) for entry in bad}

    def logs(self, container: str, *options: str) -> Call:
        """What a container printed; compose would put control characters into it."""
        return Call(("docker", "logs", *options, container), self.environment, self.home)

    def down(self) -> Finished:
        """Stop and remove the containers; volumes, with the data, stay."""
        return shell.run(self.call("down", "--remove-orphans"), timeout=180)

    def _listed(self, *words: str) -> tuple[str, ...]:
        found = shell.run(self.call(*words), timeout=60)
        return tuple(line for line in found.lines if line) if found.ok else ()
