"""A release that is written down, and what the next one makes of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest

from nuages.deploy.deployer import Deployer, Order
from nuages.deploy.execute import Executor
from nuages.deploy.journal import Entry, Journal, read, written
from nuages.errors import StepFailed
from nuages.model import Deployment
from nuages.steps.release import Release
from nuages.steps.stage import Outputs, Stage
from nuages.steps.step import Step
from nuages.targets.target import Client, Target


@dataclass(frozen=True)
class Thing:
    text: str
    version: str


@dataclass
class Bucket:
    """Of a client only what lies beside the state."""

    things: dict[str, Thing] = field(default_factory=dict)

    def read(self, place: str, name: str) -> Thing | None:
        return self.things.get(name)

    def write(self, place: str, name: str, text: str, version: str | None) -> str:
        held = self.things.get(name)
        assert version == (held.version if held else None)
        self.things[name] = Thing(text, str(int(version or 0) + 1))
        return self.things[name].version

    def delete(self, place: str, name: str, version: str) -> None:
        del self.things[name]


@dataclass
class Goal:
    """A target of one stage."""

    fails: bool = False
    releases: list[Release] = field(default_factory=list)

    def preparation(self, deployment: Deployment, release: Release) -> tuple[Stage, ...]:
        return ()

    def release(self, deployment: Deployment, release: Release) -> tuple[Stage, ...]:
        self.releases.append(release)
        return (Stage("apply", "Apply", self._steps),)

    def _steps(self, outputs: Outputs) -> list[Step]:
        if self.fails:
            raise StepFailed("Terraform died")
        return []

    def undo(self, deployment: Deployment, release: Release) -> tuple[Stage, ...]:
        return ()

    def place(self, deployment: Deployment, release: Release) -> tuple[str, str]:
        return "bucket", "site"


class Silence:
    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        yield

    def line(self, text: str) -> None:
        pass


def deployed(tmp_path: Path, bucket: Bucket, goal: Goal, id: str = "r2") -> Entry:
    client = cast(Client, bucket)
    executor = Executor(tmp_path, client, Silence(), {}, tmp_path / "logs")
    order = Order(cast(Any, None), Release(id, "jazz-1910"), "a fingerprint")
    return Deployer(cast(Target, goal), order, executor, lambda _: None).run()


def after(status: Any) -> Bucket:
    entry = Entry("r1", "another", "", "", status=status)
    return Bucket({"site/journal.json": Thing(written(Journal((entry,))), "1")})


@pytest.mark.parametrize(
    ("status", "died"), [("begun", True), ("failed", True), ("undone", True), ("done", False)]
)
def test_the_state_may_be_locked_after_anything_but_a_good_end(
    tmp_path: Path, status: str, died: bool
) -> None:
    goal = Goal()
    deployed(tmp_path, after(status), goal)
    assert [release.died for release in goal.releases] == [died]


def test_what_fails_is_undone_and_the_next_is_another_release(tmp_path: Path) -> None:
    bucket = Bucket()
    with pytest.raises(StepFailed):
        deployed(tmp_path, bucket, Goal(fails=True), "r1")
    assert "site/lock.json" not in bucket.things
    deployed(tmp_path, bucket, Goal(), "r2")
    entries = read(bucket.things["site/journal.json"].text).entries
    assert [(each.id, each.status) for each in entries] == [("r1", "undone"), ("r2", "done")]
