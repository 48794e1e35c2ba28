"""What is done with a site on Cloud Run after its release; see ``nuages.targets.operations``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nuages.changes.change import Plan
from nuages.model import Deployment
from nuages.steps.release import Release
from nuages.steps.site import (
    Access,
    Backup,
    Execution,
    GivenSecret,
    Leftover,
    LogQuery,
    Record,
    Restored,
    SecretState,
    SiteState,
    Surroundings,
)
from nuages.steps.step import Tail
from nuages.steps.task import Task
from nuages.targets.cloud_run.day_two import (
    access,
    backups,
    commands,
    destruction,
    drill,
    records,
    rotation,
    secrets,
    status,
)
from nuages.targets.cloud_run.places import Places


@dataclass(frozen=True)
class CloudRunOperations:
    """See ``nuages.targets.operations.Operations``."""

    deployment: Deployment
    places: Places

    def secret_names(self) -> Mapping[str, bool]:
        return secrets.names(self.deployment, self.places)

    def secrets(self) -> Task[tuple[SecretState, ...]]:
        return secrets.listed(self.deployment, self.places)

    def give_secrets(self, names: Sequence[str]) -> Task[tuple[GivenSecret, ...]]:
        return secrets.given(self.deployment, self.places, names)

    def rotate_secret(self, name: str, moment: str) -> Task[tuple[GivenSecret, ...]]:
        return rotation.rotated(self.deployment, self.places, name, moment)

    def run(self, argv: Sequence[str], timeout: int | None) -> Task[Execution]:
        return commands.started(self.places, argv, timeout)

    def awaited(self, execution: Execution, timeout: int | None) -> Task[Execution]:
        return commands.awaited(self.places, execution, timeout)

    def cancelled(self, execution: Execution) -> Task[None]:
        return commands.cancelled(execution)

    def processes(self) -> Sequence[str]:
        return tuple(records.processes(self.deployment))

    def logs(self, query: LogQuery, limit: int) -> Task[tuple[Record, ...]]:
        return records.read(self.deployment, self.places, query, limit)

    def following(self, query: LogQuery) -> Tail:
        return records.followed(self.deployment, self.places, query)

    def status(self, others: Sequence[str]) -> Task[SiteState]:
        return status.looked(self.deployment, self.places, others)

    def back_up(self, description: str) -> Task[tuple[Backup, ...]]:
        return backups.made(self.places, description)

    def backups(self) -> Task[tuple[Backup, ...]]:
        return backups.every(self.places)

    def restore(self, backup: str, *, keep: bool) -> Task[Restored]:
        return backups.restored(self.places, backup, keep=keep)

    def drill(self, backup: str, moment: str) -> Task[Restored]:
        return drill.drilled(self.places, backup, moment)

    def doomed(self, release: Release, *, files: bool) -> Task[Plan]:
        return destruction.doomed(self.deployment, self.places, release, files=files)

    def destroyed(
        self, release: Release, *, backup: bool, files: bool
    ) -> Task[tuple[Leftover, ...]]:
        return destruction.destroyed(
            self.deployment, self.places, release, backup=backup, files=files
        )

    def access(self, *, admin: bool) -> Task[Access]:
        return access.database(self.deployment, self.places, admin=admin)

    def surroundings(self) -> Task[Surroundings]:
        return access.surroundings(self.places)
