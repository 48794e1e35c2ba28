"""What resolution works on: the project, and what nuages.yaml says for one environment."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from packaging.version import Version

from nuages.config.profiles import PROFILES, Profile
from nuages.config.schema.config import Config, settings_module
from nuages.config.schema.data import CacheSection, DatabaseSection, StorageSection
from nuages.config.schema.deployment import (
    DeploymentSection,
    HealthCheck,
    Resources,
    Scaling,
    ServerSection,
)
from nuages.config.schema.edge import NetworkSection, ObservabilitySection
from nuages.config.schema.manifest import Manifest
from nuages.config.schema.provider import Provider, provider
from nuages.errors import ConfigError
from nuages.project.facts import Project, Setting
from nuages.project.python_support import DJANGO, Minor, django_range, django_series
from nuages.text import slug


@dataclass(frozen=True)
class Inputs:
    """A project and one environment of its configuration; an absent section reads as empty."""

    project: Project
    config: Config
    environment: str
    private: bool

    @cached_property
    def manifest(self) -> Manifest:
        return self.config.manifest(self.environment)

    @cached_property
    def name(self) -> str:
        return self.manifest.project_name or slug(self.project.name)

    @cached_property
    def provider(self) -> Provider:
        return provider(self.manifest.provider)

    @cached_property
    def profile(self) -> Profile:
        return PROFILES[self.manifest.profile or "small"]

    @cached_property
    def deployment(self) -> DeploymentSection:
        return self.manifest.deployment or DeploymentSection.model_construct()

    @cached_property
    def resources(self) -> Resources:
        return self.deployment.resources or Resources.model_construct()

    @cached_property
    def scaling(self) -> Scaling:
        return self.deployment.scaling or Scaling.model_construct()

    @cached_property
    def health(self) -> HealthCheck:
        return self.deployment.health_check or HealthCheck.model_construct()

    @cached_property
    def server(self) -> ServerSection:
        return self.manifest.server or ServerSection.model_construct()

    @cached_property
    def database(self) -> DatabaseSection:
        return self.manifest.database or DatabaseSection.model_construct()

    @cached_property
    def cache(self) -> CacheSection:
        return self.manifest.cache or CacheSection.model_construct()

    @cached_property
    def storage(self) -> StorageSection:
        return self.manifest.storage or StorageSection.model_construct()

    @cached_property
    def network(self) -> NetworkSection:
        return self.manifest.network or NetworkSection.model_construct()

    @cached_property
    def observability(self) -> ObservabilitySection:
        return self.manifest.observability or ObservabilitySection.model_construct()

    @cached_property
    def variables(self) -> Mapping[str, str]:
        return self.manifest.env_vars or {}

    @cached_property
    def base_module(self) -> str:
        """The user's settings module that production builds on."""
        return settings_module(self.manifest) or self.project.settings_module.value

    @cached_property
    def settings(self) -> Mapping[str, Setting]:
        """The evaluated settings; nothing is known of another module than the evaluated one."""
        evaluated = self.project.settings
        return evaluated.settings if evaluated.module == self.base_module else {}

    @cached_property
    def python(self) -> str:
        return self.deployment.runtime or self.project.python.value

    @cached_property
    def python_version(self) -> Minor:
        major, minor = self.python.split(".")[:2]
        return int(major), int(minor)

    @cached_property
    def django(self) -> str:
        """Major.minor: as locked, else the newest that is admitted and runs on this Python."""
        framework = self.manifest.framework
        said = self.project.django.value if self.project.django else None
        written = said or (framework.version if framework else None) or ""
        exact = re.match(r"(?:={2,3}\s*)?(\d+)(?:\.(\d+))?", written)
        if exact:
            return f"{exact[1]}.{exact[2] or 0}"
        admitted = django_series(written) or sorted(DJANGO, key=Version, reverse=True)
        return next((s for s in admitted if self._runs(s)), admitted[0])

    def _runs(self, series: str) -> bool:
        span = django_range(series)
        return span is not None and span[0] <= self.python_version <= span[2]

    @cached_property
    def django_version(self) -> tuple[int, int]:
        major, minor = self.django.split(".")[:2]
        return int(major), int(minor)

    def has(self, *packages: str) -> bool:
        """Whether the project depends on one of these, by normalised name."""
        return any(package in self.project.dependencies.packages for package in packages)

    def error(self, keys: tuple[str | int, ...], message: str, hint: str = "") -> ConfigError:
        return self.config.error(keys, message, hint, environment=self.environment)
