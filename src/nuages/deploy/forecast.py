"""What Terraform would change, asked of Terraform itself."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from nuages.changes import reading
from nuages.changes.change import Plan
from nuages.changes.faults import Fault, faults
from nuages.deploy.draft import OVERRIDE, Draft
from nuages.effects import files, shell
from nuages.effects.shell import Answer, Call
from nuages.errors import InputNeeded, NuagesError, StepFailed
from nuages.steps import terraform
from nuages.steps.configuration import Configuration

_PLAN = "nuages.tfplan"
_POINTER = ".terraform/terraform.tfstate"
"""Which backend was opened last; an init that was killed leaves it half-written."""
_LOCAL = """\
# The bucket of the state is not there yet: planned from nothing.
terraform {
  backend "local" {
    path = "nothing.tfstate"
  }
}
"""


class Listener(Protocol):
    """Is told what happens."""

    def step(self, title: str) -> AbstractContextManager[None]:
        """Around each program."""


class Silence:
    """A listener for whom nothing is said."""

    def step(self, _title: str) -> AbstractContextManager[None]:
        return contextlib.nullcontext()


@dataclass(frozen=True)
class Forecast:
    """A plan, and whether there is a state that it starts from."""

    plan: Plan
    first: bool


@dataclass(frozen=True)
class Forecaster:
    """Plans a draft; nothing that exists is changed, and nobody else is locked out meanwhile."""

    program: str
    draft: Draft
    configuration: Configuration
    environment: Mapping[str, str]
    listener: Listener

    def run(self) -> Forecast:
        """Raises StepFailed, with the place in the user's file where Terraform names one."""
        with self.listener.step(f"{self.program} init"):
            first = not self._opened()
        with self.listener.step(f"{self.program} plan"), self._plan_file() as name:
            self._plan(name)
            text = self._shown(name)
        return Forecast(reading.plan(text), first)

    def _opened(self) -> bool:
        """Whether there is a state; where there is none, an empty one of our own is opened."""
        for left in (OVERRIDE, _POINTER):
            files.remove(self.draft.folder / left)
        said = self.configuration
        done = self._run(terraform.init(self.program, said.bucket, prefix=said.prefix))
        if not done.status:
            return True
        if not said.no_state or not re.search(said.no_state, done.said):
            raise self._failure(done)
        files.write(self.draft.folder / OVERRIDE, _LOCAL)
        done = self._run(terraform.init(self.program))
        if done.status:
            raise self._failure(done)
        return False

    def _plan(self, name: str) -> None:
        said = self.configuration
        argv = terraform.plan(
            self.program,
            name,
            var_files=said.var_files,
            variables=said.variables,
            lock_timeout=None,
        )
        done = self._run(argv)
        if done.status not in (0, terraform.CHANGES):
            raise self._failure(done)

    def _shown(self, name: str) -> str:
        answer = self._run(terraform.show(self.program, name))
        if answer.status:
            raise self._failure(answer)
        return answer.text

    @contextlib.contextmanager
    def _plan_file(self) -> Iterator[str]:
        """Sensitive values stand in it: it is gone as soon as it is read."""
        path = self.draft.folder / _PLAN
        try:
            yield path.name
        finally:
            files.remove(path)

    def _run(self, argv: tuple[str, ...]) -> Answer:
        return shell.ask(self._call(argv))

    def _call(self, argv: tuple[str, ...]) -> Call:
        given = {**self.configuration.stand_ins, **self.environment, **terraform.UNATTENDED}
        return Call(argv, given, self.draft.folder)

    def _failure(self, done: Answer) -> NuagesError:
        for cause in self.configuration.causes:
            if cause.explains(done.said):
                return InputNeeded(
                    cause.message, hint=cause.hint, reason=cause.reason, detail=done.said[-2000:]
                )
        found = [self._placed(fault) for fault in faults(done.said)]
        if not found:
            return StepFailed(
                f"`{Path(done.argv[0]).name} {done.argv[1]}` ended with status {done.status}",
                detail=done.said[-2000:],
            )
        others = [f"{each.location or each.address}: {each.message}" for each in found[1:]]
        return StepFailed(
            found[0].message,
            location=found[0].location,
            detail="\n".join(others),
            hint=_hint(found[0]),
            reason="terraform-failed",
        )

    def _placed(self, fault: Fault) -> Fault:
        """With the name of the file as the user knows it."""
        if fault.location is None:
            return fault
        path = self.draft.place(fault.location.path)
        return replace(fault, location=replace(fault.location, path=path))


def _hint(fault: Fault) -> str:
    about = f"It is about {fault.address}. " if fault.address else ""
    return f"{about}Mend the file, or delete it and run `nuages render`." if fault.location else ""
