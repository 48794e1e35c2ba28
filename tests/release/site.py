"""A site that counts how often each of its migrations has run, and the cloud that it is in."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from fakes.google import GoogleWorld

NUAGES = Path(sys.executable).with_name("nuages")
TALLY = Path(__file__).parents[1] / "fixtures/releases/tally"
SERVICE = "projects/jazz-1910/locations/europe-west1/services/tally"
MIGRATION = """\
from django.db import migrations


def count(apps, schema_editor):
    apps.get_model("tally", "Run").objects.create(name="{name}")


class Migration(migrations.Migration):
    dependencies = [("tally", "{before}")]
    operations = [migrations.RunPython(count, migrations.RunPython.noop)]
"""


_WATCHED = '#!/bin/sh\necho "{name} $*" >> {log}\nexec {real} "$@"\n'


@dataclass
class Site:
    """A copy of the project, with versions that each bring a migration."""

    root: Path
    world: GoogleWorld
    extra: dict[str, str] = field(default_factory=dict)
    version: str = "first"

    @classmethod
    def made(cls, root: Path, world: GoogleWorld) -> Site:
        shutil.copytree(TALLY, root)
        return cls(root, world)

    def change(self) -> str:
        """Write the next version of the code: another answer, and one more migration."""
        folder = self.root / "tally/migrations"
        names = sorted(path.stem for path in folder.glob("0*.py"))
        name = f"{len(names) + 1:04}_count"
        (folder / f"{name}.py").write_text(MIGRATION.format(name=name, before=names[-1]), "utf-8")
        self.version = name
        (self.root / "tally/version.py").write_text(f'VERSION = "{name}"\n', "utf-8")
        return name

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, **self.world.environment(), **self.extra}

    def watch(self) -> None:
        """Write down the words of every program that a release starts."""
        folder = self.root.with_name("watched")
        folder.mkdir()
        for name in ("docker", "terraform"):
            text = _WATCHED.format(log=folder / "argv.log", name=name, real=shutil.which(name))
            (folder / name).write_text(text, "utf-8")
            (folder / name).chmod(0o755)
        self.extra["PATH"] = f"{folder}:{os.environ['PATH']}"

    @property
    def argv(self) -> str:
        """What ``watch`` has written down."""
        return (self.root.with_name("watched") / "argv.log").read_text("utf-8")

    def start(self, *words: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            (str(NUAGES), *words),
            cwd=self.root,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def nuages(self, *words: str, status: int | None = 0) -> str:
        """Run a verb to its end, which is with ``status`` (None: with any)."""
        child = self.start(*words)
        said, _ = child.communicate(timeout=300)
        assert "Traceback" not in said, said
        assert status is None or child.returncode == status, said
        return said

    def json(self, *words: str) -> Any:
        child = subprocess.run(
            (str(NUAGES), *words, "--json"),
            cwd=self.root,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert child.returncode == 0, child.stdout + child.stderr
        return json.loads(child.stdout)

    @property
    def address(self) -> str:
        """Where the world lets people in."""
        return self.world.runtime.service_uri(SERVICE)

    def page(self) -> dict[str, Any]:
        answer = httpx.get(self.address, timeout=20)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())


@dataclass
class Visitors:
    """Somebody who asks for the page all the time, and keeps what was answered."""

    answers: Counter[str] = field(default_factory=Counter)
    """By version; an answer that is none by what was wrong with it."""

    @property
    def refused(self) -> Mapping[str, int]:
        return {what: number for what, number in self.answers.items() if what.startswith("!")}

    @classmethod
    @contextmanager
    def of(cls, address: str, every: float = 0.1) -> Iterator[Visitors]:
        found, done = cls(), threading.Event()
        thread = threading.Thread(target=found._ask, args=(address, every, done), daemon=True)
        thread.start()
        try:
            yield found
        finally:
            done.set()
            thread.join(timeout=30)

    def _ask(self, address: str, every: float, done: threading.Event) -> None:
        while not done.is_set():
            self.answers[_asked(address)] += 1
            time.sleep(every)


def _asked(address: str) -> str:
    try:
        answer = httpx.get(address, timeout=20)
    except httpx.HTTPError as error:
        return f"!{type(error).__name__}"
    if answer.status_code != 200:
        return f"!{answer.status_code} {answer.text[:80]}"
    return str(answer.json()["version"])
