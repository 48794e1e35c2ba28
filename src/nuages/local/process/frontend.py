"""The front-end build, in the copy, with the lock file that the project has."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nuages.artifacts.frontend import (
    OLD_OPENSSL,
    UNNEEDED,
    build_argvs,
    later_yarn,
    later_yarn_argv,
    programs_argv,
)
from nuages.effects import files, shell
from nuages.effects.shell import Call
from nuages.image import Frontend

# A version of node that a package does not ask for is tried, as npm tries it.
LOCKED: Mapping[str, tuple[str, ...]] = {
    "npm": ("npm", "ci", "--no-audit", "--no-fund"),
    "yarn": ("yarn", "install", "--frozen-lockfile", "--non-interactive", "--ignore-engines"),
    "pnpm": ("pnpm", "install", "--frozen-lockfile"),
    "bun": ("bun", "install", "--frozen-lockfile"),
}
UNLOCKED: Mapping[str, tuple[str, ...]] = {
    "npm": ("npm", "install", "--no-audit", "--no-fund"),
    "yarn": ("yarn", "install", "--non-interactive", "--ignore-engines"),
    "pnpm": ("pnpm", "install"),
    "bun": ("bun", "install"),
}


CONFLICT, LENIENT = "ERESOLVE", "--legacy-peer-deps"
"""https://docs.npmjs.com/cli/using-npm/config#legacy-peer-deps"""
NODE_SASS = re.compile(
    r"node_modules/node-sass\b.*(?:fail|ERR|gyp)|node-sass.*(?:ERR|error)", re.DOTALL
)
DART_SASS = "npm:sass@^1.77"
"""Has node-sass' own interface until 2.0: https://sass-lang.com/blog/libsass-is-deprecated/"""
CHECKERS = re.compile(
    r"^(?!.*(?:webpack|vite|rollup|loader))(?:.*[@/-])?(?:stylelint|eslint|prettier|husky|commitlint|lint-staged|cypress|playwright|jest"
    r"|storybook|percy|pa11y|chromatic|semantic-release)(?=$|[/-])"
)
"""Packages that look at the code and build nothing."""
NOT_FOUND = re.compile(r"E404|ERR_PNPM_FETCH_404|Not Found|\b404\b")
OLD_HASHES, NO_OPTION = "ERR_OSSL_EVP_UNSUPPORTED", "is not allowed in NODE_OPTIONS"


def install_argv(frontend: Frontend, *, locked: bool) -> tuple[str, ...]:
    if frontend.yarn:
        return later_yarn_argv(locked=locked)
    return (LOCKED if locked else UNLOCKED)[frontend.tool]


def available(frontend: Frontend, path: str | None) -> tuple[str, ...] | None:
    """What goes before the tool's name: nothing, or what brings it with node; None: no node."""
    if frontend.yarn and shell.which("npx", path):
        return ("npx", "--yes", "--package", later_yarn(frontend))
    if shell.which(frontend.tool, path):
        return ()
    if frontend.tool in {"yarn", "pnpm", "bun"} and shell.which("npx", path):
        # What the registry calls the latest of yarn is not the first, which wrote this lock.
        first = ("--package", "yarn@1") if frontend.tool == "yarn" else ()
        return ("npx", "--yes", *first)
    return None


@dataclass(frozen=True)
class Build:
    frontend: Frontend
    copy: Path
    environment: Mapping[str, str]
    log: Path
    line: Callable[[str], None]

    @property
    def folder(self) -> Path:
        directory = self.frontend.directory
        return self.copy if directory == "." else self.copy / directory

    def run(self, prefix: tuple[str, ...], source: str) -> None:
        """Install and build, unless ``source`` (what the files are) was built before."""
        wanted = hashlib.sha256(source.encode()).hexdigest()
        marker = self.copy.with_name("frontend-built")
        if marker.exists() and marker.read_text(encoding="utf-8") == wanted:
            return
        self._install(prefix)
        for words in build_argvs(self.frontend):
            environment = {**self.environment, "NODE_ENV": "production"}
            old = {**environment, "NODE_OPTIONS": OLD_OPENSSL}
            argv = (*prefix, *words)
            finished = self._run(argv, old if self.frontend.old_hashes else environment)
            if not finished.ok and NO_OPTION in finished.text:  # this machine's node is as old
                finished = self._run(argv, environment)
            elif not finished.ok and OLD_HASHES in finished.text:
                finished = self._run(argv, old)
            shell.demand(finished, "Build the front end", reason="frontend-failed")
        files.write(marker, wanted)

    def _install(self, prefix: tuple[str, ...]) -> None:
        locked = bool(self.frontend.lock)
        argv = install_argv(self.frontend, locked=locked)
        finished = self._run((*prefix, *argv), self.environment)
        if not finished.ok and locked:  # a lock that no longer fits package.json
            argv = install_argv(self.frontend, locked=False)
            finished = self._run((*prefix, *argv), self.environment)
        if not finished.ok and CONFLICT in finished.text:  # npm before 7 asked for no peers
            finished = self._run((*prefix, *argv, LENIENT), self.environment)
        if not finished.ok and NOT_FOUND.search(finished.text) and self._leave_out_checkers():
            argv = install_argv(self.frontend, locked=False)
            finished = self._run((*prefix, *argv, *self._lenient), self.environment)
        if not finished.ok and NODE_SASS.search(finished.text):
            self._replace_node_sass()
            argv = install_argv(self.frontend, locked=False)
            finished = self._run((*prefix, *argv, *self._lenient), self.environment)
        shell.demand(finished, "Install the front end's packages", reason="frontend-failed")
        if self.frontend.programs:
            argv = (*programs_argv(self.frontend), "--prefix", str(self._programs))
            self._run(argv, self.environment)

    @property
    def _lenient(self) -> tuple[str, ...]:
        return (LENIENT,) if self.frontend.tool == "npm" else ()

    def _replace_node_sass(self) -> None:
        """It is compiled for one Node.js, and no more for those of today."""
        path = self.folder / "package.json"
        package = json.loads(path.read_text("utf-8"))
        for section in ("dependencies", "devDependencies", "optionalDependencies"):
            if "node-sass" in (package.get(section) or {}):
                package[section]["node-sass"] = DART_SASS
        for section in ("overrides", "resolutions"):  # npm's word, yarn's word
            package[section] = {**(package.get(section) or {}), "node-sass": DART_SASS}
        self._rewrite(package)

    def _rewrite(self, package: Mapping[str, Any]) -> None:
        """The copy's package.json, and no lock, which would not fit it."""
        files.write(self.folder / "package.json", json.dumps(package, indent=2))
        for lock in ("package-lock.json", "npm-shrinkwrap.json", "yarn.lock"):
            files.remove(self.folder / lock)

    def _leave_out_checkers(self) -> bool:
        """Whether there were packages for developing alone, one of which may be the one missing."""
        path = self.folder / "package.json"
        package = json.loads(path.read_text("utf-8"))
        wanted = package.get("devDependencies") or {}
        kept = {name: text for name, text in wanted.items() if not CHECKERS.search(name)}
        self._rewrite({**package, "devDependencies": kept})
        return len(kept) < len(wanted)

    @property
    def _programs(self) -> Path:
        return self.copy.with_name("programs")

    def _run(self, argv: tuple[str, ...], environment: Mapping[str, str]) -> shell.Finished:
        own = {"CI": "1", "NO_COLOR": "1", **UNNEEDED}
        path = f"{self._programs / 'bin'}:{environment.get('PATH', '')}"
        call = Call(argv, {**environment, **own, "PATH": path}, self.folder)
        return shell.run(call, log=self.log, line=self.line, timeout=1800)
