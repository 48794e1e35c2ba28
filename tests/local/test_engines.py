"""Which engine a run gets, and what happens when containers cannot have their image."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest

from nuages.errors import NotBuilt, StepFailed
from nuages.local import engines
from nuages.local.engine import Request, Running
from nuages.local.engines import EitherEngine


@dataclass
class Fails:
    """An engine that always fails for one reason."""

    reason: str
    kind: type[StepFailed] = NotBuilt
    name: str = "fails"

    def start(self, request: Request) -> Running:
        raise self.kind("the image python:3.7 is not here", reason=self.reason)

    def wait(self, running: Running) -> int:
        raise AssertionError

    def stop(self, root: Path) -> tuple[str, ...]:
        raise AssertionError


@dataclass
class Runs(Fails):
    """An engine that has nothing to do."""

    stopped: list[Path] = field(default_factory=list)

    def start(self, request: Request) -> Running:
        return cast(Running, "running")

    def stop(self, root: Path) -> tuple[str, ...]:
        self.stopped.append(root)
        return ("web",)


@dataclass
class Asked:
    """A request of which only the listener matters."""

    notices: list[tuple[str, str]] = field(default_factory=list)

    @property
    def listener(self) -> Any:
        return self

    def notice(self, code: str, text: str) -> None:
        self.notices.append((code, text))


@pytest.mark.parametrize(
    ("reason", "deployable"), [("image-unavailable", True), ("build-failed", False)]
)
def test_without_an_image_processes_take_over(
    reason: str, deployable: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    processes = Runs("")
    monkeypatch.setattr(engines, "_process", lambda: processes)
    engine, asked = EitherEngine(Fails(reason)), Asked()
    assert engine.start(cast(Request, asked)) == "running"
    [(code, text)] = asked.notices
    assert code == reason
    assert "python:3.7" in text
    assert ("a deployment needs the image" in text) is not deployable
    engine.stop(tmp_path)
    assert processes.stopped == [tmp_path]


def test_any_other_failure_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "_process", lambda: Runs(""))
    with pytest.raises(StepFailed, match=r"python:3\.7"):
        EitherEngine(Fails("containers-failed", StepFailed)).start(cast(Request, Asked()))
