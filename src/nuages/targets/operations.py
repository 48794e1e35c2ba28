"""What every target offers once a site has been released."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from nuages.changes.change import Plan
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


class Operations(Protocol):
    """The day-two verbs of one site. All of it is data: nothing is done here."""

    def secret_names(self) -> Mapping[str, bool]:
        """The variables that are kept secret, and whether their values may be made up."""

    def secrets(self) -> Task[tuple[SecretState, ...]]:
        """What is known of each secret; never a value."""

    def give_secrets(self, names: Sequence[str]) -> Task[tuple[GivenSecret, ...]]:
        """Add the values that the executor was given under these names."""

    def rotate_secret(self, name: str, moment: str) -> Task[tuple[GivenSecret, ...]]:
        """Make up another value, and let everybody know it who has to.

        ``moment`` (lower-case letters, digits, hyphens) tells what is made from its like.
        Raises UsageError where no value that is made up could do.
        """

    def run(self, argv: Sequence[str], timeout: int | None) -> Task[Execution]:
        """Start a command beside the site; ``timeout`` in seconds."""

    def awaited(self, execution: Execution, timeout: int | None) -> Task[Execution]:
        """Show what it prints, to its end."""

    def cancelled(self, execution: Execution) -> Task[None]:
        """End it."""

    def processes(self) -> Sequence[str]:
        """Everything that prints: web, workers, jobs."""

    def logs(self, query: LogQuery, limit: int) -> Task[tuple[Record, ...]]:
        """The newest entries, in the order of time."""

    def following(self, query: LogQuery) -> Tail:
        """The same, and what will be written."""

    def status(self, others: Sequence[str]) -> Task[SiteState]:
        """What the cloud says of the site; ``others``: the site's other environments."""

    def back_up(self, description: str) -> Task[tuple[Backup, ...]]:
        """One more backup of the database; the answer has all there are, the newest first."""

    def backups(self) -> Task[tuple[Backup, ...]]:
        """The newest first."""

    def restore(self, backup: str, *, keep: bool) -> Task[Restored]:
        """A backup (``latest``: the newest) over what is there; ``keep``: back that up first."""

    def drill(self, backup: str, moment: str) -> Task[Restored]:
        """The same into a server of its own that is read and deleted."""

    def doomed(self, release: Release, *, files: bool) -> Task[Plan]:
        """What would be destroyed; with ``files`` the uploads too."""

    def destroyed(
        self, release: Release, *, backup: bool, files: bool
    ) -> Task[tuple[Leftover, ...]]:
        """Destroy it; the answer is what stays. With ``backup``, one that outlives the server."""

    def access(self, *, admin: bool) -> Task[Access]:
        """The way to the database, as the site's own role or as the administrator."""

    def surroundings(self) -> Task[Surroundings]:
        """What the site's processes have, with their image brought here."""
