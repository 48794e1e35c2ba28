"""The project's own environment, built by uv and kept in the user's cache."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from packaging.utils import canonicalize_name

from nuages.artifacts.installing import package_info
from nuages.config import age
from nuages.effects import files, shell
from nuages.errors import StepFailed
from nuages.image import Image
from nuages.local import causes
from nuages.local.engine import Listener
from nuages.local.process import (
    contradiction,
    imitation,
    installing,
    missing,
    nearest,
    planning,
    remedies,
)
from nuages.local.process.installing import Plan
from nuages.local.process.interpreter import Interpreter
from nuages.project import debian
from nuages.project.facts import Dependencies

READY = "nuages-ready.json"
ATTEMPTS = 14


@dataclass(frozen=True)
class Environment:
    """A virtual environment that holds everything the site needs."""

    folder: Path
    packages: Mapping[str, str]
    version: str
    """The whole version of its Python."""
    notices: tuple[str, ...] = ()

    @property
    def python(self) -> Path:
        return self.folder / "bin" / "python"


@dataclass(frozen=True)
class Builder:
    """Everything that building an environment needs to know."""

    uv: str
    interpreter: Interpreter
    image: Image
    dependencies: Dependencies
    copy: Path
    cache: Path
    environment: Mapping[str, str]
    log: Path
    listener: Listener

    @property
    def work(self) -> Path:
        return self.copy if self.image.install_dir == "." else self.copy / self.image.install_dir

    def texts(self) -> dict[str, str]:
        names = {*self.image.install_files, *self.dependencies.included, *self.dependencies.files}
        paths = [self.copy / name for name in sorted(names)]
        return {str(p.relative_to(self.copy)): planning.text(p) for p in paths if p.is_file()}

    def add(self, environment: Environment, line: str, note: str) -> bool:
        """Put something into an environment that turned out to be needed, for later runs too."""
        folder = environment.folder
        with files.locked(folder.with_suffix(".lock")):
            try:
                plan = self._installed(
                    Plan("uv", lines=(line,), constraints=self._pins(folder, line)), folder
                )
            except StepFailed:
                return False
            self._imitate(folder, plan)
            kept = json.loads((folder / READY).read_text(encoding="utf-8"))
            notices = [*kept["notices"], note, *plan.notices]
            self._record(folder, notices)
        return True

    def build(self) -> Environment:
        """An environment that was built before from the same files, or a new one."""
        key = installing.fingerprint(
            self.image, self.texts(), f"{self.interpreter.path}", str(self.copy)
        )
        folder = self.cache / "envs" / hashlib.sha256(key.encode()).hexdigest()[:20]
        title = f"Install the packages (Python {self.interpreter.version})"
        with self.listener.step(title), files.locked(folder.with_suffix(".lock")):
            ready = folder / READY
            if not ready.exists():
                self._fill(folder)
            kept = json.loads(ready.read_text(encoding="utf-8"))
        packages, notices = kept["packages"], tuple(kept["notices"])
        return Environment(folder, packages, str(self.interpreter.version), notices)

    def _fill(self, folder: Path) -> None:
        files.remove(folder)
        if self.image.unversioned and not (self.work / "PKG-INFO").exists():
            files.write(self.work / "PKG-INFO", package_info(self.image.unversioned))
        argv = (self.uv, "venv", "--no-project", "--no-config", "--quiet", "--python")
        self._demand((*argv, str(self.interpreter.path), str(folder)), "Make an environment")
        plan = self._installed(planning.first(self.image, self.dependencies, self.copy), folder)
        self._imitate(folder, plan)
        more = self._extras(folder)
        self._record(folder, [*plan.notices, *more, *self._held(folder)])

    def _record(self, folder: Path, notices: list[str]) -> None:
        record = {"packages": self._packages(folder), "notices": notices}
        files.write(folder / READY, json.dumps(record, indent=1))

    def _imitate(self, folder: Path, plan: Plan) -> None:
        if "mysqlclient" in plan.excluded and "pymysql" in self._packages(folder):
            imitation.imitate_mysqlclient(folder)

    def _installed(self, plan: Plan, folder: Path) -> Plan:
        cause = None
        for _ in range(ATTEMPTS):
            finished = self._try(plan, folder)
            if finished.ok:
                return plan
            # What failed first is why, unless a remedy brought up something else that is known.
            cause = causes.likely(finished.text) or cause
            near = self._nearest(folder)
            after = nearest.found(plan, finished.text, near)  # before pip, which has it neither
            after = after or self._next(plan, folder, finished.text)
            after = after or nearest.changed(plan, finished.text, near)
            if after is None:
                break
            for text in after.notices[len(plan.notices) :]:
                self.listener.line(text)
            plan = after
        raise StepFailed(
            f"The project's packages cannot be installed (the whole log: {self.log})",
            reason=cause.code if cause else "install-failed",
            hint=_remedy(cause, finished.text),
            detail=finished.tail(),
        )

    def _next(self, plan: Plan, folder: Path, output: str) -> Plan | None:
        if plan.tool != "uv-sync":
            listed = [*self.texts().values(), "\n".join(plan.lines)]
            return contradiction.insisted(plan, output, listed) or remedies.changed(plan, output)
        argv = installing.export_argv(plan, self.uv, folder / "bin" / "python")
        exported = self._run(argv)
        if not exported.ok:
            return None
        lines = tuple(line for line in exported.lines if line.strip())
        after = replace(plan, tool="uv", lines=lines, whole=True, project=False)
        return after.noting("`uv sync` does not work here: what its lock names is installed")

    def _nearest(self, folder: Path) -> nearest.Resolve:
        """The lowest release, from a bound on, that has a wheel for this Python."""

        def resolved(name: str, bound: str) -> str:
            wanted = folder / "nuages" / "nearest.in"
            files.write(wanted, f"{bound}\n")
            python = folder / "bin" / "python"
            return self._run(nearest.resolve_argv(self.uv, python, name, wanted)).text

        return resolved

    def _try(self, plan: Plan, folder: Path) -> shell.Finished:
        python = folder / "bin" / "python"
        if plan.tool == "uv-sync":
            return self._run(
                installing.sync_argv(plan, self.uv, python), UV_PROJECT_ENVIRONMENT=folder
            )
        if not (plan.files or plan.lines or plan.project or plan.groups):
            return self._run((self.uv, "--version"))  # the project declares nothing
        work = files.folder(folder / "nuages")
        for name, text in installing.companions(plan).items():
            files.write(work / name, text)
        for number, (requirement, bound) in enumerate(plan.build_bounds):
            bounds = work / f"bound-{number}.txt"
            files.write(bounds, f"{bound}\n")
            early = self._run(installing.early_argv(self.uv, python, requirement, bounds))
            if not early.ok:
                return early
        if plan.tool == "pip":
            self._run((self.uv, "pip", "install", "-q", "--python", str(python), "pip"))
        return self._run(installing.install_argv(plan, self.uv, python, work))

    def _extras(self, folder: Path) -> tuple[str, ...]:
        """Add what is missing, held to the versions that are there already."""
        packages = self._packages(folder)
        lines = installing.extra_lines(self.image.extra_requirements, packages)
        if "django" not in packages:
            lines = (missing.django(self._sources()), *lines)
        if not lines:
            return ()
        plan = Plan("uv", lines=lines, constraints=(*self._pins(folder), *self.image.bounds))
        try:
            plan = self._installed(plan, folder)
        except StepFailed:
            names = tuple(installing.unpinned(line) for line in lines)
            plan = self._installed(replace(plan, lines=names), folder)
        self._imitate(folder, plan)
        return plan.notices

    def _pins(self, folder: Path, *free: str) -> tuple[str, ...]:
        """What is installed, as constraints; but for what is about to be changed."""
        changed = {installing.named(line) for line in free}
        found = self._packages(folder).items()
        return tuple(f"{name}=={version}" for name, version in found if name not in changed)

    def _sources(self) -> list[str]:
        return [planning.text(path) for path in sorted(self.copy.rglob("settings*.py"))[:20]]

    def _held(self, folder: Path) -> tuple[str, ...]:
        """Take back newer releases that are known to break what the project pins."""
        installed = {**self._packages(folder), "python": self.interpreter.minor}
        found = age.held(installed, self.dependencies.packages)
        held = {**{hold.line: hold.why for hold in self.image.holds}, **found}
        argv = (self.uv, "pip", "install", "--no-progress", "--python", str(folder / "bin/python"))
        if not held or not self._run((*argv, *held)).ok:
            return ()
        return tuple(f"{line} is used: {why}" for line, why in held.items())

    def _packages(self, folder: Path) -> dict[str, str]:
        argv = (
            self.uv,
            "pip",
            "list",
            "--format",
            "json",
            "-q",
            "--python",
            str(folder / "bin/python"),
        )
        listing = shell.run(shell.Call(argv, self.environment, self.copy))
        found = json.loads(next(line for line in listing.lines if line.startswith("[")))
        return {canonicalize_name(p["name"]): p["version"] for p in found}

    def _run(self, argv: tuple[str, ...], **extra: object) -> shell.Finished:
        added = {name: str(value) for name, value in extra.items()}
        call = shell.Call(argv, {**self.environment, "NO_COLOR": "1", **added}, self.work)
        return shell.run(call, log=self.log, line=self.listener.line)

    def _demand(self, argv: tuple[str, ...], title: str) -> None:
        shell.demand(self._run(argv), title)


def _remedy(cause: causes.Cause | None, output: str) -> str:
    """What to do; with the names that Debian has for what a build misses."""
    failed = re.search(r"Failed to build `([\w.-]+)", output)
    needs = debian.PACKAGES.get(canonicalize_name(failed[1])) if failed else None
    if cause is None or cause.code not in {"header-missing", "compiler-missing"} or needs is None:
        return cause.remedy if cause else ""
    return f"{cause.remedy} Debian: apt install {' '.join(needs.build)}."
