"""Carries steps out, one after the other, and keeps what they answer."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from functools import singledispatchmethod
from pathlib import Path
from typing import Any, Protocol

from nuages.deploy import packing, questions
from nuages.deploy.filling import Filling
from nuages.deploy.following import Following
from nuages.deploy.orphan import GRACE, Running
from nuages.effects import clock, shell
from nuages.effects.shell import Call, Finished
from nuages.errors import CloudRefused, StepFailed
from nuages.steps.stage import Outputs, Stage
from nuages.steps.step import Await, Keep, Probe, Request, Run, Step, Upload, Wait
from nuages.targets.target import Client

POLL, GROWTH = 2.0, 1.3
"""Seconds between two looks at something long-running at most, and how the first ones slow down."""


class Listener(Protocol):
    """Is told what happens."""

    def step(self, title: str) -> AbstractContextManager[None]:
        """Around one step."""

    def line(self, text: str) -> None:
        """A line that a program or a job has printed."""


@dataclass
class Executor:
    """Performs steps on this machine and in a cloud."""

    root: Path
    client: Client
    listener: Listener
    environment: Mapping[str, str]
    logs: Path
    given: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Values that somebody typed, by name."""

    @property
    def running(self) -> Running:
        """Where the program is named that runs now."""
        return Running(self.logs.parent / "running.json")

    def perform(self, steps: Sequence[Step], outputs: Outputs) -> Outputs:
        """Everything in order; what each answers is known to whoever comes after.

        Raises StepFailed, CloudRefused, ToolMissing, ProofFailed.
        """
        for step in steps:
            with self.listener.step(step.label):
                outputs = self._do(step, outputs)
        return outputs

    def through(self, stages: Sequence[Stage], outputs: Outputs) -> Outputs:
        """Stage after stage, each from what those before have learned."""
        for stage in stages:
            outputs = self.perform(stage.steps(outputs), outputs)
        return outputs

    @property
    def _filling(self) -> Filling:
        return Filling(self.client, self.given)

    @singledispatchmethod
    def _do(self, step: Any, _: Outputs) -> Outputs:
        raise TypeError(f"{type(step).__name__} is no step")

    @_do.register
    def _(self, step: Run, outputs: Outputs) -> Outputs:
        added = {name: str(self._filling.value(v)) for name, v in step.environment.items()}
        environment = {**self.environment, **added}
        call = Call(step.argv, environment, self.root / step.directory, patience=GRACE)
        if step.output is not None:
            return outputs.having(step.output, step.read(self._asked(step, call)))
        given = None if step.stdin is None else str(self._filling.value(step.stdin))
        log = self.logs / f"{step.argv[0]}.log"
        finished = shell.run(
            call, log=log, text=given, line=self.listener.line, begun=self.running.begun
        )
        self.running.ended()
        if finished.status not in step.statuses:
            shell.demand(replace(finished, status=finished.status or 1), step.label)
        return outputs

    @_do.register
    def _(self, step: Request, outputs: Outputs) -> Outputs:
        request = self._filling.request(step)
        answer = self.client.send(request)
        if step.patience:
            answer = self._ended(request, answer)
        return _with(outputs, step.output, lambda: step.read(answer))

    @_do.register
    def _(self, step: Upload, outputs: Outputs) -> Outputs:
        with packing.packed(self.root, step.dockerfile) as archive:
            version = self.client.upload(step.place, step.name, archive)
        return _with(outputs, step.output, lambda: version)

    @_do.register
    def _(self, step: Await, outputs: Outputs) -> Outputs:
        log = Following(self.client, step.follow) if step.follow else None
        for _ in _looks(step.label, step.patience):
            answer = self.client.send(step.request)
            ended = step.until(answer)
            if log is not None:
                self._show(log, last=ended)
            if ended:
                return _with(outputs, step.request.output, lambda found=answer: found)
        return outputs

    @_do.register
    def _(self, step: Probe, outputs: Outputs) -> Outputs:
        questions.ask(step, self.client)
        return outputs

    @_do.register
    def _(self, step: Keep, outputs: Outputs) -> Outputs:
        self.client.keep(step.id, self._filling.text(step.value))
        return outputs

    @_do.register
    def _(self, step: Wait, outputs: Outputs) -> Outputs:
        clock.pause(step.seconds)
        return outputs

    def _asked(self, step: Run, call: Call) -> str:
        """What a program prints, whole; raises StepFailed where it fails."""
        answer = shell.ask(call, begun=self.running.begun)
        self.running.ended()
        if answer.status not in step.statuses:
            lines = tuple(answer.said.splitlines())
            shell.demand(Finished(answer.argv, answer.status or 1, lines), step.label)
        return answer.text

    def _show(self, log: Following, *, last: bool) -> None:
        """Show what is new; a log that cannot be had ends nothing."""
        with contextlib.suppress(CloudRefused):
            for record in log.rest() if last else log.new():
                for line in record.text.splitlines():
                    self.listener.line(line)

    def _ended(self, request: Request, answer: Any) -> Any:
        for _ in _looks(request.label, request.patience):
            ended, found = self.client.poll(request, answer)
            if ended:
                return found
        return answer


def _with(outputs: Outputs, name: str | None, found: Any) -> Outputs:
    return outputs if name is None else outputs.having(name, found())


def _looks(label: str, seconds: int) -> Iterator[None]:
    """Once for each look at something that takes time; raises StepFailed when it takes too long."""
    end = clock.elapsed() + seconds
    pause = POLL / 20
    while True:
        yield
        if clock.elapsed() > end:
            raise StepFailed(
                f"{label}: not done after {seconds} s",
                hint="Deploy again: what goes on in the meantime is found and waited for.",
                reason="timeout",
            )
        clock.pause(pause)
        pause = min(pause * GROWTH, POLL)
