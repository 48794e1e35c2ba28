"""Compose files: services, their environment, ports and commands.

The format: https://docs.docker.com/reference/compose-file/
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from nuages.checks.sources.yaml_file import Yaml
from nuages.text import Location


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


def _pairs(environment: Yaml) -> Iterator[tuple[str, tuple[str | None, Location]]]:
    for name, value in environment.items():
        empty = value.value is None
        yield name, (None if empty else value.text, environment.at(name))
    for item in environment.list():
        name, equals, text = item.text.partition("=")
        yield name, (text if equals else None, item.location)
