"""Where a release can go wrong: every step that the target itself plans for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fakes.google.failures import Asked

from nuages.cli.reading import Reading
from nuages.steps.release import Release
from nuages.steps.stage import Outputs, Stage
from nuages.steps.step import Await, Keep, Probe, Request, Run, Step
from nuages.targets.cloud_run.places import Places
from nuages.targets.cloud_run.release import keys
from nuages.targets.target import target

TALLY = Path(__file__).parents[1] / "fixtures/releases/tally"
UNKNOWN = "‹"
"""Begins what only a real release knows."""
_READS = ("get", "list", "test", "access")


@dataclass(frozen=True)
class Point:
    """A step of a release, and how it is known again when it comes."""

    id: str
    stage: str
    step: Step
    leased: bool
    """Whether the release is alone with the site by then."""
    turn: int
    """How many steps before it look the same."""
    number: int

    @property
    def request(self) -> Request:
        """What it asks of the API. Raises TypeError for a step that asks nothing of it."""
        if isinstance(self.step, Await):
            return self.step.request
        if isinstance(self.step, Keep):
            return Request(
                self.step.label,
                "secretmanager.v1",
                "projects.secrets.versions.access",
                {"name": f"{self.step.id}/versions/latest"},
            )
        if isinstance(self.step, Request):
            return self.step
        raise TypeError(self.id)

    @property
    def method(self) -> str:
        """As the discovery documents name it."""
        request = self.request
        return f"{request.api.partition('.')[0]}.{request.method}"

    @property
    def job(self) -> str:
        """Whose execution is waited for; empty for every other step."""
        return self.stage.partition(":")[0] if isinstance(self.step, Await) else ""

    @property
    def reads(self) -> bool:
        return self.request.method.rpartition(".")[2].startswith(_READS)

    @property
    def program(self) -> tuple[str, str]:
        """A program and what it is told to do: ``docker``, ``push``."""
        assert isinstance(self.step, Run)
        program, *words = self.step.argv
        return program, next(word for word in words if not word.startswith("-"))

    @property
    def on_terraform(self) -> bool:
        return isinstance(self.step, Run) and self.step.argv[0] == "terraform"

    def where(self) -> Where:
        return Where(self)


class Where:
    """Tells the request of a point from all others; it may be asked once for each."""

    def __init__(self, point: Point) -> None:
        self.point, self.before = point, point.turn

    def __call__(self, asked: Asked) -> bool:
        given = self.point.request.parameters
        known = {k: str(v) for k, v in given.items() if UNKNOWN not in str(v)}
        here = asked.parameters
        if asked.method != self.point.method or any(here.get(k) != v for k, v in known.items()):
            return False
        if self.point.job and f"/jobs/tally-{self.point.job}/" not in here["name"]:
            return False
        self.before -= 1
        return self.before < 0


@cache
def points() -> tuple[Point, ...]:
    """Every step of a release of a site that has been released before, in order."""
    return tuple(_points(again=True))


@cache
def first_points() -> tuple[Point, ...]:
    """Every step of a site's first release."""
    return tuple(_points(again=False))


def _points(*, again: bool) -> Iterator[Point]:
    deployment = Reading(TALLY, None, None, "production").deployment(private=True)
    release = Release("r261121-193012", "jazz-1910", reapply=True)
    goal = target(deployment.provider)
    assert goal is not None
    places = Places.of(deployment, release.account)
    secrets = {f"secret:{id}": {"versions": [{}]} for id in keys.ids(deployment, places)}
    known = Outputs({**_KNOWN, **secrets} if again else {}, dry=True)
    prepared = _steps(goal.preparation(deployment, release), known)
    released = _steps(goal.release(deployment, release), known)
    seen: Counter[str] = Counter()
    every = [(False, each) for each in prepared] + [(True, each) for each in released]
    for number, (leased, (stage, step)) in enumerate(every):
        looks = _looks(step)
        yield Point(_id(stage, step), stage, step, leased, seen[looks], number)
        seen[looks] += 1


_KNOWN = {
    "before": {"name": "what serves"},
    "policy": {"bindings": [{"role": "roles/run.invoker", "members": ["allUsers"]}]},
    "infrastructure": {
        "secrets": {"DATABASE_URL": "tally-database-url"},
        "database": {"user": "tally", "host": "10.0.0.1", "name": "tally"},
    },
}
"""What a second release knows from the first: without it, it would be planned as a first one."""


def _steps(stages: tuple[Stage, ...], known: Outputs) -> list[tuple[str, Step]]:
    return [(stage.name, step) for stage in stages for step in stage.steps(known)]


def _looks(step: Step) -> str:
    """The same for two steps whose requests cannot be told from one another."""
    if isinstance(step, Request):
        return f"{step.api} {step.method} {sorted(step.parameters.items())}"
    return f"{type(step).__name__} {step.label}"


def _id(stage: str, step: Step) -> str:
    if isinstance(step, Run):
        words = [word for word in step.argv if not word.startswith("-")][:2]
        return f"{'.'.join(words)}[{stage}]"
    if isinstance(step, Probe):
        return f"probe[{stage}]"
    if isinstance(step, Keep):
        return f"keep[{stage}]"
    request = step.request if isinstance(step, Await) else step
    assert isinstance(request, Request)
    called = ".".join(request.method.split(".")[-2:])
    given = {name: str(value) for name, value in request.parameters.items()}
    name = given.get("secretId") or next(iter(given.values()), "").rpartition("/")[2]
    about = stage if UNKNOWN in name or name == "tally" else f"{stage}:{name}"
    return f"{called}[{about}]"
