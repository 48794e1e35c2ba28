from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from nuages.config.resolve import resolve
from nuages.errors import StepFailed, UsageError
from nuages.local import state
from nuages.local.engine import Request
from nuages.local.prober import prove
from nuages.local.process.engine import ProcessEngine
from nuages.project.detect import detect
from nuages.project.tree import Tree

PROJECT = Path(__file__).parents[2] / "fixtures" / "projects" / "plain_sqlite"


class Heard:
    def __init__(self) -> None:
        self.steps: list[str] = []

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        self.steps.append(title.partition(" (")[0].partition(" on port")[0])
        yield

    def line(self, text: str) -> None:
        pass

    def notice(self, code: str, text: str) -> None:
        pass


def request(root: Path, heard: Heard) -> Request:
    project = detect(Tree.open(root))
    deployment = resolve(project, private=True)
    return Request(root, project, deployment, heard, environment=dict(os.environ))


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Path]:
    copy = tmp_path / "site"
    shutil.copytree(PROJECT, copy, ignore=shutil.ignore_patterns(".nuages", "nuages.yaml"))
    yield copy
    ProcessEngine().stop(copy)


def test_a_project_is_served_proved_and_stopped(root: Path) -> None:
    heard, engine = Heard(), ProcessEngine()
    asked = request(root, heard)
    running = engine.start(asked)
    assert heard.steps == [
        "Copy the project's files",
        "Install the packages",
        "Import the settings",
        "Apply the migrations",
        "Make a superuser",
        "Collect the static files",
        "Start gunicorn",
    ]
    proof = prove(running, asked.project)
    assert proof.passed, proof
    assert proof.styled
    with pytest.raises(UsageError, match="being served already"):
        engine.start(asked)
    assert engine.stop(root) == ("web",)
    assert engine.stop(root) == ()
    assert state.read(root / ".nuages" / "state.json") is None


def test_what_fails_half_way_leaves_nothing_running_and_says_where(root: Path) -> None:
    settings = root / "cookbook" / "settings.py"
    settings.write_text(settings.read_text() + "\nraise RuntimeError('out of tea')\n")
    with pytest.raises(StepFailed, match=r"out of tea \(at cookbook/settings\.py:\d+\)"):
        ProcessEngine().start(request(root, Heard()))
    assert state.read(root / ".nuages" / "state.json") is None
