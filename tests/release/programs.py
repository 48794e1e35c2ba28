"""A folder for PATH whose programs do what is said of their next call, and else what they do."""

from __future__ import annotations

import json
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from release.points import Point

NAMES = ("docker", "terraform")
MARK = "NUAGES_TEST_PROGRAMS"
"""A variable by which everything that a release has started is known."""
_WRAPPER = """\
#!/bin/sh
[ -e {folder}/order.json ] && exec {python} -S {folder}/faulty.py {real} {name} "$@"
exec {real} "$@"
"""


@dataclass(frozen=True)
class Programs:
    folder: Path

    @classmethod
    def made(cls, folder: Path) -> Programs:
        folder.mkdir()
        shutil.copy(Path(__file__).with_name("faulty.py"), folder)
        for name in NAMES:
            real = shutil.which(name)
            text = _WRAPPER.format(folder=folder, python=sys.executable, real=real, name=name)
            path = folder / name
            path.write_text(text, "utf-8")
            path.chmod(0o755)
        return cls(folder)

    @property
    def environment(self) -> dict[str, str]:
        return {"PATH": f"{self.folder}:{os.environ['PATH']}", MARK: str(self.folder)}

    def order(self, point: Point, act: str) -> None:
        """Its call goes so, the next time that it comes."""
        written = json.dumps({"call": point.program, "turn": point.turn, "act": act})
        self._path("order.json").write_text(written, "utf-8")

    @property
    def reached(self) -> bool:
        return self._path("reached").exists()

    def go(self) -> None:
        self._path("go").touch()

    def clear(self) -> None:
        for name in ("order.json", "taken.json", "reached", "go"):
            self._path(name).unlink(missing_ok=True)

    def running(self) -> list[str]:
        """The words of every process that a release has started and that still runs."""
        mark = f"{MARK}={self.folder}".encode()
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            try:
                if mark in (process / "environ").read_bytes().split(b"\0"):
                    words = (process / "cmdline").read_bytes().replace(b"\0", b" ")
                    found.append(words.decode("utf-8", "replace").strip())
            except OSError:
                continue
        return found

    def _path(self, name: str) -> Path:
        return self.folder / name
