"""The program of django-tailwind-cli out of npm's packages, where it is not to be downloaded.

Settings for production often forbid the download, which is from GitHub, and not every machine
reaches that. The packages hold the same program, and the plug-ins that are built into it:
https://tailwindcss.com/docs/installation/tailwind-cli
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nuages.effects import files, shell
from nuages.effects.shell import Call
from nuages.errors import StepFailed
from nuages.local.process.node import Wheels
from nuages.local.process.record import Record
from nuages.local.process.site import Site

NODE = "22"
WANTED = re.compile(
    r"Tailwind CSS CLI[^\n]*(?:deactivated|manually)|Failed to download Tailwind"
    r"|tailwindlabs/tailwindcss/releases"
)
_BUILT_IN = ("@tailwindcss/forms", "@tailwindcss/typography", "@tailwindcss/aspect-ratio")
_SCRIPT = """\
#!/bin/sh
PATH={node}:$PATH NODE_PATH={packages} exec {packages}/.bin/tailwindcss "$@"
"""


def packages(version: str, *, daisy: bool) -> tuple[str, ...]:
    """What npm is to install for a release of Tailwind."""
    program = "tailwindcss" if version.startswith(("1.", "2.", "3.")) else "@tailwindcss/cli"
    names = dict.fromkeys((f"{program}@{version}", f"tailwindcss@{version}"))
    return (*names, *_BUILT_IN, *(("daisyui",) if daisy else ()))


@dataclass
class Tailwind:
    """Puts the program where the project's settings look for it."""

    cache: Path
    wheels: Wheels
    site: Callable[[], Site]
    record: Record
    environment: Mapping[str, str]
    tried: bool = field(default=False)

    def bring(self, log: str) -> bool:
        """Whether a log shows that it is missing, and it could be brought; once."""
        if self.tried or not WANTED.search(log):
            return False
        self.tried = True
        _, wanted = self.site().script("tailwind", "NUAGES-TAILWIND")
        if wanted is None or Path(wanted["path"]).exists():
            return False
        return self._put(wanted)

    def _put(self, wanted: Mapping[str, Any]) -> bool:
        node = self._node()
        version = wanted["version"]
        folder = self.cache / "tailwind" / (f"{version}-daisy" if wanted["daisy"] else version)
        try:
            if not folder.exists():
                self._install(folder, packages(version, daisy=wanted["daisy"]), node)
        except StepFailed:
            return False
        text = _SCRIPT.format(node=node, packages=folder / "node_modules")
        files.write(Path(wanted["path"]), text, 0o755)
        self.record.notice(
            "tailwind", f"Tailwind {version} was brought by npm: its download is off, or failed"
        )
        return True

    def _node(self) -> Path:
        found = shell.which("npm", self.environment.get("PATH"))
        brought = None if found else self.wheels.bring(NODE)
        return brought or Path(found or "npm").parent

    def _install(self, folder: Path, names: tuple[str, ...], node: Path) -> None:
        path = f"{node}:{self.environment.get('PATH', '')}"
        with files.appearing(folder) as fresh:
            argv = ("npm", "install", "--no-audit", "--no-fund", "--prefix", str(fresh), *names)
            call = Call(argv, {**self.environment, "PATH": path}, fresh)
            finished = shell.run(call, log=self.site().log("tailwind-cli"), timeout=900)
            shell.demand(finished, "Bring Tailwind", reason="frontend-failed")
