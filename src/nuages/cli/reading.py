"""What every verb starts with: the project in a folder, its nuages.yaml, and the deployment."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from nuages.config.load import find, load
from nuages.config.resolve import resolve
from nuages.config.schema import Config
from nuages.errors import UsageError
from nuages.model import Deployment
from nuages.project.detect import detect
from nuages.project.facts import Project
from nuages.project.tree import Tree

if TYPE_CHECKING:
    from nuages.config.pipeline import Kind, Pipeline


@dataclass(frozen=True)
class Reading:
    """A folder as Nuages reads it, each part when it is first asked for."""

    root: Path
    directory: str | None = None
    settings_module: str | None = None
    environment: str = "production"

    @cached_property
    def tree(self) -> Tree:
        if not self.root.is_dir():
            raise UsageError(f"{self.root} is not a folder.", hint="Name the project's folder.")
        return Tree.open(self.root)

    @cached_property
    def config_path(self) -> Path | None:
        name = find([path for path in self.tree.files if "/" not in path])
        return self.root / name if name else None

    @cached_property
    def config(self) -> Config | None:
        if self.config_path is None:
            return None
        return load(self.config_path.read_bytes(), self.config_path.name)

    @cached_property
    def project(self) -> Project:
        configured = self.config.settings if self.config else None
        return detect(
            self.tree,
            directory=self.directory,
            settings_module=self.settings_module or configured,
        )

    def deployment(self, *, private: bool = False) -> Deployment:
        return resolve(self.project, self.config, environment=self.environment, private=private)

    def pipeline(self, kinds: tuple[Kind, ...] = ()) -> Pipeline:
        """How the project is proved before a release; ``kinds`` besides those of nuages.yaml."""
        from nuages.config.pipeline import pipeline

        return pipeline(self.project, self.config, self.deployment(), kinds)
