"""What the verbs about a deployed site share: the target, the account, the client, the files."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from nuages.cli.reading import Reading
from nuages.deploy.workspace import Workspace, configuration, workspace
from nuages.errors import InputNeeded, UsageError
from nuages.model import Deployment
from nuages.steps.release import Release
from nuages.targets.target import Client, Target, names, target


@dataclass(frozen=True)
class Site:
    """One environment of a project, and the cloud that it is deployed to."""

    reading: Reading
    project: str | None = None
    """What --project says."""

    @cached_property
    def deployment(self) -> Deployment:
        return self.reading.deployment(private=True)

    @cached_property
    def target(self) -> Target:
        """Raises UsageError where nothing is deployed by Nuages itself."""
        found = target(self.deployment.provider)
        if found is None:
            raise UsageError(
                f"Nothing can be deployed to {self.deployment.provider!r} yet.",
                hint=f"Set `provider:` in nuages.yaml to one of: {', '.join(names())}.",
                reason="no-target",
            )
        return found

    @cached_property
    def account(self) -> str:
        """Raises InputNeeded where nobody says which."""
        named = self.project or self.deployment.account or self.target.account(os.environ)
        if not named:
            raise InputNeeded(
                "Which project of the cloud is meant?",
                hint="Write `project: ID` into nuages.yaml, or give --project ID.",
                reason="no-project",
            )
        return named

    @cached_property
    def client(self) -> Client:
        return self.target.client(os.environ)

    @cached_property
    def workspace(self) -> Workspace:
        """The files of a release; written below .nuages where they are not rendered."""

        def resolved(private: bool) -> Deployment:
            return self.reading.deployment(private=private)

        return workspace(self.reading.root.resolve(), self.target, resolved)

    def release(self, id: str, **extra: Any) -> Release:
        """A release of these files."""
        made = self.workspace
        return Release(
            id,
            self.account,
            dockerfile=made.dockerfile,
            infrastructure=made.infrastructure,
            configuration=configuration(made),
            **extra,
        )


def site(
    path: Path, directory: str | None, settings: str | None, environment: str, project: str | None
) -> Site:
    """The site that a command line means."""
    return Site(Reading(path, directory, settings, environment), project)
