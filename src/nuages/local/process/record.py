"""What a launch has done so far: said, started, and written down in time to be stopped."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import ClassVar

from nuages.effects import files, shell
from nuages.effects.shell import Call, Process
from nuages.local import state
from nuages.local.engine import Listener, Notice
from nuages.local.process.workspace import Workspace


@dataclass
class Record:
    engine: ClassVar[str] = "process"
    workspace: Workspace
    listener: Listener
    address: str
    processes: list[Process] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)

    def notice(self, code: str, text: str) -> None:
        """Something that the user should know, now and at the end."""
        self.notices.append(Notice(code, text))
        self.listener.notice(code, text)

    def difference(self, text: str) -> None:
        """How this run is not production."""
        if text not in self.differences:
            self.differences.append(text)

    def started(self, *processes: Process) -> None:
        """Write down what runs, before anything else can fail."""
        self.processes += processes
        state.write(self.workspace.state, self.engine, self.address, self.processes)

    def forget(self, processes: Iterable[Process]) -> None:
        """What is stopped on purpose, to be started again in another way."""
        gone = list(processes)
        self.processes = [process for process in self.processes if process not in gone]

    def spawn(self, name: str, call: Call) -> Process:
        """Start a process of the site, with a log of its own: what an earlier one said is gone."""
        log = self.workspace.logs / f"{name}.log"
        files.remove(log)  # or an earlier failure would explain what happens now
        process, _ = shell.spawn(name, call, log, self.started)
        return process
