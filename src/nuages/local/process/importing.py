"""The first import of the settings, and what is mended when it fails."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from nuages.effects import files, shell
from nuages.errors import InputNeeded, StepFailed
from nuages.local import causes
from nuages.local.engine import Value
from nuages.local.process import age, variables
from nuages.local.process.environment import Builder, Environment
from nuages.local.process.record import Record
from nuages.local.process.site import Site
from nuages.local.process.stand_ins import Place
from nuages.local.process.workspace import Workspace

ATTEMPTS = 12
"""Most failures are variables that reading the settings missed, one at a time."""


@dataclass
class Importer:
    """Imports the settings and every app, and says what Django knows of itself."""

    workspace: Workspace
    record: Record
    builder: Builder
    environment: Environment
    place: Place
    values: tuple[Value, ...]
    site: Callable[[tuple[Value, ...]], Site]
    mended: bool = False

    def run(self) -> tuple[Site, dict[str, Any]]:
        with self.record.listener.step("Import the settings"):
            for _ in range(ATTEMPTS):
                site = self.site(self.values)
                finished, facts = site.script("survey", "NUAGES-SURVEY")
                if facts is not None:
                    return site, facts
                self._amend(finished)
        raise self._fails(finished)

    def bring_back(self, log: str) -> bool:
        """Install what old packages import and today's setuptools lacks; False: not the cause."""
        cause = causes.likely(log)
        if cause is None or cause.code not in {"pkg-resources", "distutils"} or self.mended:
            return False
        self.mended = True
        self.builder.add(self.environment, age.SETUPTOOLS)
        self.record.notice(cause.code, f"{cause.explanation}: {age.SETUPTOOLS} is installed")
        return True

    def _amend(self, finished: shell.Finished) -> None:
        """Mend what kept the settings from being imported, or raise what only the user can."""
        folder = causes.missing_folder(finished.text, str(self.workspace.copy))
        if folder and not (self.workspace.copy / folder).is_dir():
            files.folder(self.workspace.copy / folder)
            return
        if self.bring_back(finished.text):
            return
        cause = causes.likely(finished.text)
        subject = cause.subject if cause and cause.code == "missing-variable" else ""
        after = variables.with_stand_in(self.values, subject, self.place) if subject else None
        if after is None:
            raise self._fails(finished)
        self.values = after

    def _fails(self, finished: shell.Finished) -> StepFailed | InputNeeded:
        cause = causes.likely(finished.text)
        where = causes.place(finished.text, str(self.workspace.copy))
        kind = InputNeeded if cause and cause.code in causes.FOR_THE_USER else StepFailed
        return kind(
            f"The settings cannot be imported: {cause.explanation if cause else where}",
            reason=cause.code if cause else "settings-failed",
            hint=cause.remedy if cause else "",
            detail=finished.tail(),
        )
