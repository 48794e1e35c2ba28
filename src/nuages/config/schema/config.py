"""A loaded file: what holds in each environment, and where each key stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from nuages.config.document import Node
from nuages.config.places import place
from nuages.config.problems import Problem, config_error, did_you_mean
from nuages.config.schema.manifest import Manifest
from nuages.errors import ConfigError
from nuages.text import Location

PRODUCTION = "production"


@dataclass(frozen=True)
class Config:
    """nuages.yaml, checked. ``manifests`` has ``production`` and every environment's own."""

    path: str
    manifests: Mapping[str, Manifest]
    nodes: Mapping[str, Node] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def empty(cls) -> Config:
        """What holds for a project that has no nuages.yaml."""
        return cls("nuages.yaml", {PRODUCTION: Manifest.model_construct()})

    @property
    def settings(self) -> str | None:
        """The settings module that production names, by its key or as a variable."""
        return settings_module(self.manifests[PRODUCTION])

    def manifest(self, environment: str = PRODUCTION) -> Manifest:
        """What holds in an environment. Raises ``ConfigError`` for one that does not exist."""
        if environment in self.manifests:
            return self.manifests[environment]
        known = sorted(self.manifests)
        where = self.location("environments")
        message = f"there is no environment {environment!r}"
        hint = did_you_mean(environment, known) or f"known: {', '.join(known)}"
        raise config_error([Problem(where, message, hint)])

    def location(self, *keys: str | int, environment: str = PRODUCTION) -> Location:
        """Where a key stands, or the nearest one above it that does; for messages."""
        node = self.nodes.get(environment)
        return place(node, keys).location if node else Location(self.path)

    def said(self, *keys: str | int, environment: str = PRODUCTION) -> Location | None:
        """Where a key stands, if the file has it."""
        node = self.nodes.get(environment)
        found = place(node, keys) if node else None
        return found.location if found and len(found.keys) == len(keys) else None

    def error(
        self, keys: tuple[str | int, ...], message: str, hint: str = "", *, environment: str
    ) -> ConfigError:
        """An error about a key whose value is well formed and yet cannot be."""
        where = self.location(*keys, environment=environment)
        path = "/".join(str(key) for key in keys)
        return config_error([Problem(where, f"{path}: {message}", hint)])


def settings_module(manifest: Manifest) -> str | None:
    """``settings``, else what ``env_vars`` sets DJANGO_SETTINGS_MODULE to."""
    return manifest.settings or (manifest.env_vars or {}).get("DJANGO_SETTINGS_MODULE") or None
