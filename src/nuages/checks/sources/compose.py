"""Compose files: services, their environment, ports and commands.

The format: https://docs.docker.com/reference/compose-file/
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from nuages.checks.sources.yaml_file import Yaml
from nuages.text import Location

_OWN = re.compile(r"manage\.py|python|gunicorn|uvicorn|uwsgi|daphne|celery|granian|hypercorn")
_OTHER = re.compile(r"node|front|client|nginx|postgres|redis|traefik|caddy|aws|proxy", re.I)
_DEVELOP = re.compile(
    r"(?:^|[/._ -])(?:dev(?!/(?:shm|null|std|fd))|devel|development|local|debug|tests?)"
    r"(?:$|[/._ -])",
    re.I,
)
_IDLE = re.compile(r"\b(?:runserver|runserver_plus|sleep infinity|tail -f|npm run|yarn|watch)\b")
_ON = re.compile(r"^(?:1|on|true|yes)$", re.IGNORECASE)
_PRODUCTION = re.compile(r"prod|deploy|live", re.IGNORECASE)
_SOURCE = re.compile(r"\.{1,2}/?(?:[\w-]+)?:/")


@dataclass(frozen=True)
class ComposeService:
    """One service."""

    name: str
    yaml: Yaml
    key: Location
    """Where its name stands."""

    @property
    def image(self) -> str:
        """``postgres:17``; empty where it is built."""
        found = self.yaml.get("image")
        return found.text if found else ""

    @property
    def command(self) -> str:
        """Entry point and command, as one line."""
        parts = [self.yaml.get("entrypoint"), self.yaml.get("command")]
        return " ".join(part.text for part in parts if part)

    @property
    def build(self) -> str:
        """Context and Dockerfile that it is built from; empty where it is not."""
        found = self.yaml.get("build")
        keys = ("context", "dockerfile") if found else ()
        parts = [part.text for key in keys if found and (part := found.get(key))]
        return (found.text or "/".join(parts)) if found else ""

    @cached_property
    def environment(self) -> dict[str, tuple[str | None, Location]]:
        """Each variable with its value, None where it is passed on, and its place."""
        found = self.yaml.get("environment")
        return dict(_pairs(found)) if found else {}

    @property
    def mounts_source(self) -> bool:
        """Whether the code of this machine lies over the image's."""
        return any(_SOURCE.match(text) for text, _ in self.texts("volumes"))

    @property
    def is_draft(self) -> bool:
        """Whether it runs the code of this machine, and nobody wants it back when it fails."""
        return self.mounts_source and not self.yaml.get("restart")

    @property
    def develops(self) -> bool:
        """Whether its settings, its build or its scripts say that it is one to develop with."""
        values = {name: value or "" for name, (value, _) in self.environment.items()}
        debug = any(_ON.match(v) for n, v in values.items() if n in {"DEBUG", "DJANGO_DEBUG"})
        told = (values.get("DJANGO_SETTINGS_MODULE", ""), self.build, self.command)
        return debug or any(_DEVELOP.search(text) for text in told)

    def at(self, *keys: str | int) -> Location:
        """Where a key of it stands, or the nearest one above it; else its name."""
        return self.yaml.at(*keys) if self.yaml.get(keys[0]) else self.key

    def texts(self, key: str) -> Iterator[tuple[str, Location]]:
        """The texts of a list such as ``ports`` or ``volumes``, short forms only."""
        found = self.yaml.get(key)
        for item in found.list() if found else ():
            if item.text:
                yield item.text, item.location


@dataclass(frozen=True)
class ComposeFile:
    """A compose file that production may use."""

    path: str
    yaml: Yaml

    @cached_property
    def services(self) -> tuple[ComposeService, ...]:
        """The services in their order."""
        found = self.yaml.get("services")
        pairs = found.items() if found else ()
        return tuple(ComposeService(n, y, self.yaml.at("services", n)) for n, y in pairs)

    @cached_property
    def own(self) -> tuple[ComposeService, ...]:
        """The services that run the project itself, not a store or a proxy."""
        images = {s.image for s in self.services if s.yaml.get("build")} - {""}
        return tuple(
            service
            for service in self.services
            if (service.yaml.get("build") and not _OTHER.search(service.build))
            or service.image in images
            or _OWN.search(service.command)
        )

    @property
    def develops(self) -> bool:
        """Whether it says that it is there to develop with, and not by its name."""
        return not _PRODUCTION.search(self.path) and any(each.develops for each in self.own)

    @property
    def serves(self) -> bool:
        """Whether production may be run with it, as far as that can be told."""
        if _PRODUCTION.search(self.path):
            return True
        idle = any(_IDLE.search(each.command) or each.is_draft for each in self.own)
        return not idle and not self.develops


def _pairs(environment: Yaml) -> Iterator[tuple[str, tuple[str | None, Location]]]:
    for name, value in environment.items():
        empty = value.value is None
        yield name, (None if empty else value.text, environment.at(name))
    for item in environment.list():
        name, equals, text = item.text.partition("=")
        yield name, (text if equals else None, item.location)
