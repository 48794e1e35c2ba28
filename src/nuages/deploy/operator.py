"""Carries out what is done with a site after its release."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from nuages.deploy import lease
from nuages.deploy.execute import Executor
from nuages.deploy.journal import Journal
from nuages.deploy.record import Record
from nuages.effects import signals
from nuages.errors import StepFailed
from nuages.steps.stage import Outputs, Stage
from nuages.steps.task import Task

T = TypeVar("T")


@dataclass
class Operator:
    """Knows what the last release has learned, and performs tasks with it."""

    executor: Executor
    place: str
    prefix: str

    @cached_property
    def journal(self) -> Journal:
        return Record.read(self.executor.client, self.place, self.prefix).journal

    @property
    def holder(self) -> dict[str, Any] | None:
        """Who is at a release of the site now."""
        return lease.holder(self.executor.client, self.place, self.prefix)

    @cached_property
    def known(self) -> Outputs:
        """Of the last release that people were sent to, or else of one that was begun."""
        last = self.journal.served[-1] if self.journal.served else self.journal.last
        return Outputs(last.outputs if last else {})

    def demand_release(self) -> None:
        """Raises StepFailed where there is no site yet to do anything with."""
        if not self.journal.served:
            raise StepFailed(
                "Nothing has been released yet",
                hint="Deploy it first: `nuages deploy`.",
                reason="not-released",
            )

    def alone(self, id: str) -> AbstractContextManager[lease.Lease]:
        """Keep everybody else out meanwhile; raises Busy where somebody is at it."""
        return lease.held(self.executor.client, self.place, self.prefix, id)

    def forget(self) -> None:
        """Remove the journal: there is nothing any more that it tells of."""
        record = Record.read(self.executor.client, self.place, self.prefix)
        if record.version is not None:
            self.executor.client.delete(self.place, record.name, record.version)

    def perform(self, task: Task[T]) -> T:
        """Do it, and say what came of it."""
        found = _Progress(self.executor, self.known)
        try:
            found.through(task.stages)
        finally:
            if task.after:
                with signals.ignored():
                    found.through(task.after)
        return task.answer(found.outputs)


@dataclass
class _Progress:
    """What is known after each step, though a later one fails."""

    executor: Executor
    outputs: Outputs

    def through(self, stages: Sequence[Stage]) -> None:
        for stage in stages:
            for step in stage.steps(self.outputs):
                self.outputs = self.executor.perform([step], self.outputs)
