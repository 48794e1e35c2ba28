"""The first import of the settings, and what is mended when it fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nuages.effects import files, shell
from nuages.errors import InputNeeded, StepFailed
from nuages.local import causes, env_file
from nuages.local.engine import Value
from nuages.local.lacking import Installed, lacking
from nuages.local.process import (
    annotation,
    copying,
    guesses,
    kept_out,
    missing,
    pattern,
    variables,
)
from nuages.local.process.environment import Builder, Environment
from nuages.local.process.record import Record
from nuages.local.process.site import Site
from nuages.local.process.stand_ins import Place
from nuages.local.process.variables import Sources
from nuages.local.process.workspace import Workspace

ATTEMPTS = 60
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
    sources: Sources
    directory: Path
    read: tuple[str, ...] = ()
    """Names of the variables that the project's code reads."""
    late: bool = False
    """Whether the code was written for a Python that evaluates annotations late."""
    tried: set[str] = field(default_factory=set)

    def run(self) -> tuple[Site, dict[str, Any]]:
        with self.record.listener.step("Import the settings"):
            for _ in range(ATTEMPTS):
                site = self.site(self.values)
                finished, facts = site.script("survey", "NUAGES-SURVEY")
                if facts is not None:
                    return site, facts
                self._amend(finished)
        raise self._fails(finished)

    def mend(self, log: str) -> Site | None:
        """The site to go on with, once what a log shows to be missing is there; else None.

        URLs are imported later than the settings, and read variables too.
        """
        ways = (self._annotated_early, self.bring_back, self._empty_file, self._stood_in)
        helped = any(way(log) for way in ways)
        return self.site(self.values) if helped else None

    def bring_back(self, log: str) -> bool:
        """Install what is imported and no requirement brings; False: that is not the cause."""
        found = lacking(log, self._installed())
        if found is None or found.line in self.tried:
            return False
        self.tried.add(found.line)
        if not self.builder.add(self.environment, found.line, found.text):
            return False
        self.record.notice(found.code, found.text)
        return True

    def _installed(self) -> Installed:
        here = self.builder.interpreter.version
        return Installed(
            (here.major, here.minor),
            self.builder.dependencies,
            self.environment.packages,
            self._roots(),
            self._lists,
            self._metadata,
        )

    def _roots(self) -> set[str]:
        """The modules and packages that stand where the project's code is looked for."""
        folders = (self.directory, self.workspace.copy, self.workspace.copy / "src")
        found = (path for folder in folders if folder.is_dir() for path in folder.iterdir())
        return {path.stem for path in found if path.is_dir() or path.suffix == ".py"}

    def _lists(self) -> dict[str, str]:
        """The files in which the project names what it needs, production or not."""
        copy = self.workspace.copy
        names = [name for name in copying.listed(copy) if missing.LISTS.search(name)]
        return {name: (copy / name).read_text("utf-8", "replace") for name in names}

    def _metadata(self) -> Iterator[str]:
        """What the installed packages say of themselves."""
        for path in self.environment.folder.glob("lib/python3*/site-packages/*.dist-info/METADATA"):
            yield path.read_text(encoding="utf-8", errors="replace").partition("\n\n")[0]

    def _amend(self, finished: shell.Finished) -> None:
        """Mend what kept the settings from being imported, or raise what only the user can."""
        ways = (
            *(self._empty_folder, self._annotated_early, self._along, self.bring_back),
            *(self._by_example, self._empty_file, self._stood_in),
        )
        if not any(way(finished.text) for way in ways):
            raise self._fails(finished)

    def _empty_folder(self, log: str) -> bool:
        """Make a folder that is taken to be there; False: that is not the cause."""
        for place in (self.workspace.copy, self.workspace.own_home):
            folder = causes.missing_folder(log, str(place))
            if folder and not (place / folder).is_dir():
                files.folder(place / folder)
                return True
        return False

    def _stood_in(self, log: str) -> bool:
        """Give a variable a value that a log says has none; False: that is not the cause."""
        cause = causes.likely(log)
        codes = {"missing-variable", "empty-setting"}
        names = [cause.subject] if cause and cause.code in codes else []
        names += [*causes.mentioned(log, self.read), *guesses.implied(log)]
        given = (variables.with_stand_in(self.values, n, self.place, self.sources) for n in names)
        after = variables.without_tls(self.values, self.place.database, log)
        after = after or next(filter(None, given), None)
        self.values = after or self.values
        return after is not None

    def _annotated_early(self, log: str) -> bool:
        """Keep the copy's annotations from being evaluated, as Python 3.14 does by itself."""
        copy = self.workspace.copy
        path = annotation.too_early(log, str(copy)) if self.late else ""
        if not path:
            return False
        own = (copy / name for name in copying.listed(copy) if name.endswith(".py"))
        texts = {each: each.read_text("utf-8", "surrogateescape") for each in own}
        named = {p for p, t in texts.items() if str(p) == path or annotation.for_types(t)}
        changed = {p: t for p in named if (t := annotation.late(texts[p])) != texts[p]}
        for each, text in changed.items():
            files.write(each, text.encode("utf-8", "surrogateescape"))
        if changed:
            text = f"{len(changed)} files rely on annotations that Python 3.14 evaluates late"
            self.record.notice("python", f"{text}: nothing evaluates them in the copy")
        return bool(changed)

    @property
    def _bases(self) -> tuple[str, ...]:
        """The folders of the copy in which the project's modules are looked for."""
        manage = str(self.directory.relative_to(self.workspace.copy))
        return tuple(dict.fromkeys((manage, ".", "src")))

    def _along(self, log: str) -> bool:
        """Copy what git ignores and the settings ask for; False: that is not the cause."""
        root, copy, record = self.workspace.root, self.workspace.copy, self.workspace.kept_out
        paths = kept_out.asked_for(log, root, copy, self._bases)
        if not paths:
            return False
        kept_out.bring(root, copy, record, paths)
        text = (
            f"{paths[0]} is asked for, which git ignores or a link leads to: a deployment needs it"
        )
        self.record.notice("ignored-file", text)
        return True

    def _by_example(self, log: str) -> bool:
        """Put the pattern of a module that git ignores in its place, in the copy alone."""
        name, copy = missing.module(log), self.workspace.copy
        if not name or not missing.is_own(name, self._roots()):
            return False
        found = missing.only_example(name, copying.listed(copy), self._bases)
        if found is None or (copy / found[1]).exists():
            return False
        text = (copy / found[0]).read_text(encoding="utf-8", errors="surrogateescape")
        files.write(copy / found[1], pattern.filled(text, self.place.redis))
        text = f"{name} is not among the project's files: {found[0]} stands in for it here"
        self.record.notice("example-used", f"{text}; a deployment needs one of its own")
        return True

    def _empty_file(self, log: str) -> bool:
        """An empty file of variables, in the copy alone: their values are the environment's."""
        name = env_file.asked_for(log, str(self.workspace.copy))
        if not name or (self.workspace.copy / name).exists():
            return False
        files.write(self.workspace.copy / name, "")
        text = f"{name} is asked for and is not there: its variables are given without it"
        self.record.notice("empty-file", text)
        return True

    def _fails(self, finished: shell.Finished) -> StepFailed | InputNeeded:
        name = missing.module(finished.text)
        if name and missing.is_own(name, self._roots()):
            return self._private(name, finished)
        cause = causes.likely(finished.text)
        where = causes.place(finished.text, str(self.workspace.copy))
        kind = InputNeeded if cause and cause.code in causes.FOR_THE_USER else StepFailed
        return kind(
            f"The settings cannot be imported: {cause.explanation if cause else where}",
            reason=cause.code if cause else "settings-failed",
            hint=cause.remedy if cause else "",
            detail=finished.tail(),
        )

    def _private(self, name: str, finished: shell.Finished) -> InputNeeded:
        """A module of the project's own that is not among its files: one that git ignores."""
        example = missing.example(name, copying.listed(self.workspace.copy))
        write = f"Write it as {example} shows" if example else f"Write {name}"
        return InputNeeded(
            f"The settings import {name}, which is not among the project's files",
            hint=f"{write} (git may ignore it), or choose other settings with --settings.",
            reason="missing-project-module",
            detail=finished.tail(),
        )
