"""A release from its preparation to its end, gone on with where an earlier one has died."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from nuages.deploy import lease
from nuages.deploy.execute import Executor
from nuages.deploy.journal import Entry
from nuages.deploy.lease import Lease
from nuages.deploy.record import Record
from nuages.effects import clock, signals
from nuages.errors import Busy, NuagesError
from nuages.model import Deployment
from nuages.steps.release import Release
from nuages.steps.stage import Outputs, Stage
from nuages.targets.target import Target


@dataclass(frozen=True)
class Order:
    """What somebody wants released."""

    deployment: Deployment
    release: Release
    fingerprint: str
    migrations: dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass
class Deployer:
    """Carries an order out; ``tell`` hears what people should know beyond the steps."""

    target: Target
    order: Order
    executor: Executor
    tell: Callable[[str], None]

    def run(self) -> Entry:
        """Release it; raises whatever ended it, after undoing what nobody may stay with."""
        with signals.interrupting():
            stages = self.target.preparation(self.order.deployment, self.order.release)
            outputs = self.executor.through(stages, Outputs())
            place, prefix = self.target.place(self.order.deployment, self.order.release)
            client = self.executor.client
            with lease.held(client, place, prefix, self.order.release.id) as held:
                return _Recorded(self, Record.read(client, place, prefix), held).run(outputs)


@dataclass
class _Recorded:
    """One release, every stage of it written down."""

    deployer: Deployer
    record: Record
    lease: Lease

    def run(self, prepared: Outputs) -> Entry:
        if self.deployer.executor.running.end():
            self.deployer.tell("A program of a release that was killed still ran: it was ended")
        last = self.record.journal.last
        died = last is not None and last.status != "done"
        entry = self._entry()
        order = self.deployer.order
        release = replace(order.release, id=entry.id, attempt=entry.attempt, died=died)
        outputs = Outputs({**self._served(), **entry.outputs, **prepared.known})
        stages = self.deployer.target.release(order.deployment, release)
        try:
            entry, outputs = self._through(stages, entry, outputs)
        except Busy:
            raise
        except BaseException as error:
            with signals.ignored():
                self._give_up(release, self.record.journal.last or entry, error)
            raise
        return self.record.keep(replace(entry, status="done", stage="", outputs=_lasting(outputs)))

    def _served(self) -> Mapping[str, Any]:
        """What the infrastructure was for the release that serves."""
        served = self.record.journal.served
        made = served[-1].outputs.get("infrastructure") if served else None
        return {"infrastructure": made} if made else {}

    def _entry(self) -> Entry:
        """The release that died, if it is of the same code; else a new one."""
        order, died = self.deployer.order, self.record.journal.unfinished
        if died is not None and died.fingerprint == order.fingerprint:
            self.deployer.tell(f"{died.id} died at {died.stage or 'its start'}: it is gone on with")
            return self.record.keep(replace(died, attempt=died.attempt + 1, by=lease.who()))
        if died is not None:
            self._undo(replace(order.release, id=died.id, attempt=died.attempt), died)
        at = clock.now().isoformat(timespec="seconds")
        return self.record.keep(
            Entry(
                order.release.id,
                order.fingerprint,
                at,
                lease.who(),
                migrations=order.migrations,
            )
        )

    def _through(
        self, stages: Sequence[Stage], entry: Entry, outputs: Outputs
    ) -> tuple[Entry, Outputs]:
        for stage in _left(stages, entry.reached):
            self.lease.demand()
            steps = stage.steps(outputs)
            if steps:
                entry = self.record.keep(replace(entry, stage=stage.name, outputs=outputs.known))
            outputs = self.deployer.executor.perform(steps, outputs)
            if stage.remembered:
                reached = (*entry.reached, stage.name)
                entry = self.record.keep(replace(entry, reached=reached, outputs=outputs.known))
        return entry, outputs

    def _give_up(self, release: Release, entry: Entry, error: BaseException) -> None:
        """Back to what served before, as long as nobody was sent to the new code for good."""
        said = error.message if isinstance(error, NuagesError) else type(error).__name__
        status = "failed"
        if "shift" not in entry.reached:
            with contextlib.suppress(NuagesError):
                self._back(release, entry)
                status = "undone"
        with contextlib.suppress(NuagesError):
            self.record.keep(replace(entry, status=status, error=said))  # type: ignore[arg-type]

    def _undo(self, release: Release, died: Entry) -> None:
        """What another release left half-done, before a new one begins."""
        self.deployer.tell(f"{died.id} died at {died.stage or 'its start'}: it is undone first")
        if "shift" not in died.reached:
            self._back(release, died)
        self.record.keep(replace(died, status="undone"))

    def _back(self, release: Release, entry: Entry) -> None:
        stages = self.deployer.target.undo(self.deployer.order.deployment, release)
        self.deployer.executor.through(stages, Outputs(entry.outputs))


def _left(stages: Sequence[Stage], reached: Sequence[str]) -> Sequence[Stage]:
    """What comes after the last stage that is done for good."""
    done = [number for number, stage in enumerate(stages) if stage.name in reached]
    return stages[max(done) + 1 :] if done else stages


_LASTING = ("image", "service", "infrastructure")


def _lasting(outputs: Outputs) -> dict[str, object]:
    """What later verbs ask for: rollback, status, one-off commands."""
    return {name: outputs.known[name] for name in _LASTING if name in outputs.known}
