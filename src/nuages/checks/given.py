"""Variables that the files of a project give to production, each with its place."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass

from nuages.checks.production import Production
from nuages.checks.sources.compose import ComposeService
from nuages.project.python_source import joined, parent
from nuages.text import Location


@dataclass(frozen=True)
class Given:
    """A variable that nuages.yaml, an image or a compose file sets."""

    name: str
    value: str | None
    """None for a secret, or for one that is passed on."""
    location: Location
    working: bool = False
    """For a container that works on the code: the host's lies over its own, or runserver runs."""


def given(production: Production) -> Iterator[Given]:
    """What nuages.yaml sets, the images, and compose files for services that are built here."""
    yield from in_config(production)
    yield from _images(production)
    yield from _compose(production)


def in_config(production: Production) -> Iterator[Given]:
    """What nuages.yaml sets, for all services or for one."""
    manifest = production.config.manifest(production.environment)
    for name, value in (manifest.env_vars or {}).items():
        yield Given(name, value, production.config_at("env_vars", name))
    for name in manifest.secrets or {}:
        yield Given(name, None, production.config_at("secrets", name))
    for service, section in (manifest.services or {}).items():
        for name, value in ((section and section.env_vars) or {}).items():
            where = production.config_at("services", service, "env_vars", name)
            yield Given(name, value, where)


def _images(production: Production) -> Iterator[Given]:
    instructions = (each for file in production.dockerfiles for each in file.final)
    for each in instructions:
        for name, text in each.pairs if each.keyword == "ENV" else ():
            yield Given(name, text, each.location)


def _compose(production: Production) -> Iterator[Given]:
    services = (service for file in production.compose_files for service in file.services)
    for service in services:
        if service.yaml.get("build"):
            working = "runserver" in service.command or _has_code(production, service)
            for name, (text, where) in service.environment.items():
                yield Given(name, text, where, working)


def _has_code(production: Production, service: ComposeService) -> bool:
    """Whether a folder of the host with manage.py in it is mounted."""
    folder = parent(service.key.path)
    for volume, _ in service.texts("volumes"):
        source = posixpath.normpath(posixpath.join(folder, volume.partition(":")[0]))
        if joined(source, "manage.py") in production.tree:
            return True
    return False
