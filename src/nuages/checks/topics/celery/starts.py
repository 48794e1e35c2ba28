"""The commands that start workers and the clock."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from nuages.checks.production import Production
from nuages.checks.sources.compose import ComposeService
from nuages.checks.sources.server_command import ServerCommand
from nuages.model import Service
from nuages.text import Location

_CELERY = re.compile(r"\bcelery\b(?P<rest>[^\n;|&]*)")
_KINDS = ("worker", "beat", "flower")


@dataclass(frozen=True)
class Start:
    """``celery -A config worker``, wherever it was written."""

    kind: str
    command: str
    location: Location
    compose: ComposeService | None = None
    service: Service | None = None

    @cached_property
    def _options(self) -> ServerCommand:
        try:
            words = tuple(shlex.split(self.command, comments=True))
        except ValueError:
            words = tuple(self.command.split())
        return ServerCommand("celery", words, self.location)

    def option(self, *names: str) -> str | None:
        """The value of an option; ``true`` for a bare one."""
        found = self._options.option(*names)
        if found is None:
            short = (w for w in self._options.words for n in names if len(n) == 1)
            found = next((w[2:] for w in short if re.fullmatch(r"-c\d+", w)), None)
        return found

    @property
    def has_beat(self) -> bool:
        """Whether this worker is the clock as well."""
        return bool({"-B", "--beat"} & set(self._options.words))

    @property
    def concurrency(self) -> int | None:
        """How many tasks run at once, where the command says so."""
        text = self.option("c", "concurrency") or ""
        return int(text) if text.isdigit() else None

    @property
    def replicas(self) -> int:
        """How many of it there are, at the least."""
        if self.service is not None:
            return self.service.scaling.max_instances
        found = self.compose.yaml.get("deploy", "replicas") if self.compose else None
        scale = self.compose.yaml.get("scale") if self.compose else None
        text = (found or scale).text if (found or scale) else ""  # type: ignore[union-attr]
        return int(text) if text.isdigit() else 1


def starts(production: Production) -> Iterator[Start]:
    """Every command that starts a part of Celery, those of Nuages' own making left out."""
    seen = set()
    for compose in production.compose_files:
        for each in compose.services:
            for start in _parsed(each.command, each.at("command")):
                seen.add(start.location)
                yield Start(start.kind, start.command, start.location, compose=each)
    for text, location in production.commands:
        yield from (start for start in _parsed(text, location) if location not in seen)
    for name, service in said_services(production):
        for start in _parsed(" ".join(service.command), production.config_at("services", name)):
            yield Start(start.kind, start.command, start.location, service=service)


def said_services(production: Production) -> Iterator[tuple[str, Service]]:
    """The services that nuages.yaml spells out with a command."""
    said = production.config.manifest(production.environment).services or {}
    for service in production.deployment.services:
        section = said.get(service.name)
        if section is not None and section.command:
            yield service.name, service


def removed_services(production: Production) -> Iterator[str]:
    """The services that nuages.yaml takes away."""
    said = production.config.manifest(production.environment).services or {}
    for name, section in said.items():
        gone = section is None or all(s.name != name for s in production.deployment.services)
        if gone:
            yield name


def _parsed(command: str, location: Location) -> Iterator[Start]:
    for match in _CELERY.finditer(command):
        rest = match["rest"]
        kind = next((k for k in _KINDS if re.search(rf"(?<![\w./=-]){k}(?![\w./=-])", rest)), None)
        if kind is not None and "install" not in command[: match.start()].split():
            yield Start(kind, rest, location)
