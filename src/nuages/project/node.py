"""A package.json: its tool and lock file, the versions it asks for, and its build.

Format: https://docs.npmjs.com/cli/configuring-npm/package-json
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from nuages.project.python_source import ancestors, joined, parent
from nuages.project.site import Site

Tool = Literal["npm", "yarn", "pnpm", "bun"]

_LOCKS: tuple[tuple[str, Tool], ...] = (
    ("pnpm-lock.yaml", "pnpm"),
    ("yarn.lock", "yarn"),
    ("bun.lock", "bun"),
    ("bun.lockb", "bun"),
    ("package-lock.json", "npm"),
    ("npm-shrinkwrap.json", "npm"),
)


AND = " && "
"""Between the scripts of a build that has one for each kind of file."""


@dataclass(frozen=True)
class Package:
    """A package.json that can be read."""

    path: str
    data: Mapping[str, Any]

    @property
    def scripts(self) -> dict[str, str]:
        scripts = self.data.get("scripts")
        found = scripts if isinstance(scripts, dict) else {}
        return {k: v for k, v in found.items() if isinstance(k, str) and isinstance(v, str)}

    @property
    def packages(self) -> set[str]:
        kinds = (self.data.get(kind) for kind in ("dependencies", "devDependencies"))
        return {str(name) for kind in kinds if isinstance(kind, dict) for name in kind}


_TASKS = ("build:production", "build:prod", "production", "prod", "build", "dist")


def gulp(site: Site, package: Package) -> str | None:
    """Gulp's task that builds, where no script of package.json runs it."""
    names = ("gulpfile.js", "gulpfile.mjs", "gulpfile.babel.js", "gulpfile.cjs")
    folder = parent(package.path)
    text = next(filter(None, (site.tree.read(joined(folder, name)) for name in names)), "")
    for task in _TASKS if "gulp" in package.packages else ():
        quoted = re.escape(task)
        if re.search(rf"task\(\s*[\"']{quoted}[\"']|(?<![\w:-])[\"']?{quoted}[\"']?\s*[,=:]", text):
            return f"gulp {task}"
    return None


_PROGRAMS = {
    "sass": "sass",
    "lessc": "less",
    "postcss": "postcss-cli",
    "esbuild": "esbuild",
    "grunt": "grunt-cli",
    "gulp": "gulp-cli",
    "cleancss": "clean-css-cli",
    "uglifyjs": "uglify-js",
    "cross-env": "cross-env",
    "rimraf": "rimraf",
    "run-s": "npm-run-all",
    "run-p": "npm-run-all",
    "npm-run-all": "npm-run-all",
}
"""Programs of well-known packages that people install for the whole machine."""


def undeclared(package: Package, command: str) -> tuple[str, ...]:
    """Packages whose programs the build calls, and which package.json does not ask for."""
    texts = (package.scripts.get(name, "") for name in command.split(AND))
    called = [word for text in texts for word in re.findall(r"(?:^|&&|\|\||;)\s*([\w-]+)", text)]
    wanted = dict.fromkeys(_PROGRAMS[word] for word in called if word in _PROGRAMS)
    brought = {"gulp-cli": "gulp", "grunt-cli": "grunt"}
    return tuple(n for n in wanted if not {n, brought.get(n, n)} & package.packages)


_MD4 = {"webpack": 5, "react-scripts": 5, "@vue/cli-service": 5, "laravel-mix": 6}
"""The first release of each bundler that does without MD4.

https://github.com/webpack/webpack/issues/14532
"""


def old_hashes(package: Package) -> bool:
    """Whether a bundler asks OpenSSL for MD4, which version 3 of it does not give by itself."""
    kinds = (package.data.get(kind) for kind in ("dependencies", "devDependencies"))
    asked = {k: str(v) for kind in kinds if isinstance(kind, dict) for k, v in kind.items()}
    found = ((re.match(r"\D*(\d+)", asked[n]), first) for n, first in _MD4.items() if n in asked)
    return any(match is not None and int(match[1]) < first for match, first in found)


_YARN_LOCKS = {"8": "4", "6": "3", "5": "2", "4": "2"}
"""The version of the lock file's format, and the Yarn that writes it."""


def yarn(site: Site, package: Package) -> str | None:
    """Yarn's major version, by ``packageManager`` or its lock; None for the first, and others."""
    tool, _, lock = tool_and_lock(site, package)
    named = re.match(r"yarn@(\d+)", str(package.data.get("packageManager", "")))
    text = site.tree.read(lock) or "" if tool == "yarn" and lock else ""
    form = re.search(r"(?m)^__metadata:\s+version: (\d+)", text)
    major = named[1] if named else _YARN_LOCKS.get(form[1], "4") if form else "1"
    return None if tool != "yarn" or major == "1" else major


def tool_and_lock(site: Site, package: Package) -> tuple[Tool, str, str | None]:
    folder = parent(package.path)
    named = str(package.data.get("packageManager", "")).partition("@")[0]
    for above in ancestors(folder):
        for name, tool in _LOCKS:
            if joined(above, name) in site.tree:
                return tool, folder, joined(above, name)
    known: tuple[Tool, ...] = ("npm", "yarn", "pnpm", "bun")
    return next((tool for tool in known if tool == named), "npm"), folder, None


def version(site: Site, package: Package) -> str | None:
    engines = package.data.get("engines")
    asked = engines.get("node") if isinstance(engines, dict) else None
    if isinstance(asked, str):
        return asked
    for folder in ancestors(parent(package.path)):
        for name in (".nvmrc", ".node-version"):
            text = (site.tree.read(joined(folder, name)) or "").strip()
            if text:
                return text.removeprefix("v").splitlines()[0]
    return None
