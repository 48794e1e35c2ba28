"""Back to a release that served before: its revision is still there, so it takes seconds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from nuages.deploy import lease, migrations
from nuages.deploy.execute import Executor
from nuages.deploy.journal import Entry
from nuages.deploy.record import Record
from nuages.effects import clock, signals
from nuages.errors import Conflict, UsageError
from nuages.model import Deployment
from nuages.steps.release import Release
from nuages.steps.stage import Outputs
from nuages.targets.target import Target

SERVED = 2
"""Releases that served: the one that does, and the one before."""


@dataclass
class Rollback:
    """``to``: the id of a release; None: the one that served before this one."""

    target: Target
    deployment: Deployment
    release: Release
    executor: Executor
    tell: Callable[[str], None]
    to: str | None = None
    force: bool = False

    def run(self) -> Entry:
        """Send everybody back; raises Conflict where migrations since make it unsafe."""
        place, prefix = self.target.place(self.deployment, self.release)
        client = self.executor.client
        with (
            signals.interrupting(),
            lease.held(client, place, prefix, self.release.id),
        ):
            record = Record.read(client, place, prefix)
            entry = self._chosen(record)
            self._judge(record, entry)
            return self._back(record, entry)

    def _chosen(self, record: Record) -> Entry:
        served = record.journal.served
        if self.to is not None:
            found = [entry for entry in served if entry.id == self.to]
            if not found:
                names = ", ".join(entry.id for entry in served) or "none yet"
                raise UsageError(f"No release {self.to!r} has served.", hint=f"There are: {names}.")
            return found[-1]
        if len(served) < SERVED:
            raise UsageError(
                "There is no release to go back to.",
                hint="`nuages status` shows what has served.",
                reason="no-release",
            )
        return served[-SERVED]

    def _judge(self, record: Record, entry: Entry) -> None:
        """Say what migrations since mean for the older code."""
        last = record.journal.served[-1]
        since = migrations.since(entry.migrations, last.migrations)
        harmful = migrations.harmful(since)
        if harmful and not self.force:
            lines = [f"{name}: {', '.join(why)}" for name, why in harmful.items()]
            raise Conflict(
                f"The code of {entry.id} cannot live with migrations that have run since",
                hint="Mend forward and deploy, or give --force if you know better. No migration is "
                "taken back by a rollback.",
                detail="\n".join(lines),
                reason="unsafe-rollback",
            )
        if since:
            self.tell(f"Migrations since stay, and the older code can live with them: {len(since)}")

    def _back(self, record: Record, entry: Entry) -> Entry:
        release = replace(self.release, id=entry.id, attempt=entry.attempt)
        stages = self.target.rollback(self.deployment, release)
        self.executor.through(stages, Outputs(entry.outputs))
        at = clock.now().isoformat(timespec="seconds")
        last = record.journal.served[-1].migrations
        again = replace(entry, at=at, by=lease.who(), migrations=last)
        return record.keep(again)
