"""What can go wrong with a step of a release, and what a release has to make of it."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from fakes.google.runtime import ContainerRuntime

from nuages.steps.step import Await, Probe, Run
from release.points import Point
from release.programs import Programs
from release.site import Site
from release.wholeness import stored

REFUSALS = (403, 429, 500, 409)
OVER = 60
"""Seconds after which something that a test waits for does not come any more."""


@dataclass(frozen=True)
class Ended:
    """How a deployment has ended: negative when a signal has ended it."""

    status: int
    said: str


@dataclass
class Case:
    """One fault at one step; arms it, and starts what it happens to."""

    site: Site
    point: Point
    programs: Programs
    child: subprocess.Popen[str] | None = None
    reached: threading.Event = field(default_factory=threading.Event)
    go: threading.Event = field(default_factory=threading.Event)
    extra: tuple[str, ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        infrastructure = ("--infrastructure",) if self.point.on_terraform else ()
        return ("deploy", "--no-check", *infrastructure, *self.extra)

    @property
    def is_program(self) -> bool:
        return isinstance(self.point.step, Run)

    def start(self) -> None:
        self.child = self.site.start(*self.words)

    def end(self) -> Ended:
        assert self.child is not None
        said, _ = self.child.communicate(timeout=300)
        return Ended(self.child.returncode, said)

    def run(self) -> Ended:
        self.start()
        return self.end()

    def kill(self, number: int = signal.SIGKILL) -> None:
        assert self.child is not None
        os.kill(self.child.pid, number)

    def when(self, does: Callable[[], None], *, after_effect: bool = False) -> None:
        """Call that when the step has come."""
        if isinstance(self.point.step, Probe):
            self.answers(does)
        else:
            world, where = self.site.world, self.point.where()
            world.when(self.point.method, does, after_effect=after_effect, where=where)

    def answers(self, does: Callable[[], int | None], times: int = 1) -> None:
        """What the candidate's own address answers: a status, 0 for none at all, None: its own."""
        runtime = self.site.world.runtime
        assert isinstance(runtime, ContainerRuntime)
        left = [times]

        def trouble(_: str) -> int | None:
            left[0] -= 1
            return does() if left[0] >= 0 else None

        runtime.front.trouble = trouble

    def hold(self) -> None:
        """Hold the step up until ``go``."""
        if self.is_program:
            self.programs.order(self.point, "wait")
            return

        def held() -> None:
            self.reached.set()
            self.go.wait(OVER * 3)

        self.when(held)

    def await_reached(self) -> None:
        until(lambda: self.reached.is_set() or self.programs.reached, f"{self.point.id} came")

    def let_go(self) -> None:
        self.go.set()
        self.programs.go()

    def clear(self) -> None:
        """Everything goes right again."""
        self.let_go()
        if self.child is not None and self.child.poll() is None:
            self.child.kill()
            self.child.communicate()
        world = self.site.world
        assert isinstance(world.runtime, ContainerRuntime)
        world.failures.clear()
        world.exits.clear()
        world.runtime.front.trouble = None
        self.programs.clear()


def until(condition: Callable[[], bool], what: str, seconds: float = OVER) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"not after {seconds} s: {what}"
        time.sleep(0.02)


def expect(ended: Ended, status: int) -> Ended:
    """An error has the exit code of its class, says what to do, and shows no traceback."""
    assert "Traceback" not in ended.said, ended.said
    assert ended.status == status, ended.said
    if status in (8, 9, 12, 13):
        assert "error:" in ended.said, ended.said
    if status in (9, 12, 13):
        assert "help:" in ended.said, ended.said
    return ended


def answered(case: Case, status: int) -> Ended:
    """The end after that answer: reading is tried again, and what may be refused may be."""
    request = case.point.request
    again = case.point.reads and status in (429, 500, 504)
    fine = again or status in request.accept
    ended = expect(case.run(), 0 if fine else 12)
    assert case.site.world.failures.left == 0, "it was never asked"
    return ended


def refused(case: Case) -> Ended:
    point = case.point
    if isinstance(point.step, Run):
        case.programs.order(point, "refuse")
        return expect(case.run(), 8)
    if isinstance(point.step, Probe):
        case.extra = ("--patience", "2")
        case.answers(lambda: 503, times=1000)
        return expect(case.run(), 9)
    status = REFUSALS[point.number % len(REFUSALS)]
    case.site.world.fail(point.method, status, where=point.where())
    return answered(case, status)


def times_out(case: Case) -> Ended:
    """A program that hangs is ended by whoever limits the time of it all."""
    point = case.point
    if isinstance(point.step, Run):
        case.programs.order(point, "hang")
        case.start()
        case.await_reached()
        case.kill(signal.SIGTERM)
        return expect(case.end(), 130)
    if isinstance(point.step, Probe):
        case.answers(lambda: time.sleep(1.5))
        return expect(case.run(), 0)
    world, where = case.site.world, point.where()
    if point.number % 3 == 0:
        world.hang(point.method, 1.5, where=where)
        return expect(case.run(), 0)
    world.fail(point.method, 504, after_effect=bool(point.number % 2), where=where)
    return answered(case, 504)


def dies(case: Case) -> Ended:
    """Half-way: the program is killed, the operation fails, the answer gets lost."""
    point, world = case.point, case.site.world
    if isinstance(point.step, Run):
        return _killed(case)
    if isinstance(point.step, Probe):
        case.answers(lambda: 0)
        return expect(case.run(), 0)
    if isinstance(point.step, Await):
        world.exits[f"tally-{point.job}"] = 1
        return expect(case.run(), 8)
    if point.method.startswith("run.") and point.method.endswith(".patch"):
        after = bool(point.number % 2)
        world.end_operation_in_error(point.method, after_effect=after, where=point.where())
        return expect(case.run(), 12)
    world.cut(point.method, where=point.where())
    lost = point.method.startswith("run.") and not point.reads
    return expect(case.run(), 12 if lost else 0)


def _killed(case: Case) -> Ended:
    """Terraform, once it has locked the state; others at once."""
    case.programs.order(case.point, "die")
    case.start()
    case.await_reached()
    child = case.child
    assert child is not None
    if case.point.program in (("terraform", "plan"), ("terraform", "apply")):
        locked = "default.tflock"
        until(lambda: stored(case.site, locked) is not None or child.poll() is not None, locked)
    else:
        time.sleep(0.05)
    case.programs.go()
    return expect(case.end(), 8)


def killed(case: Case) -> Ended:
    """SIGKILL of nuages itself; programs that it has started go on."""
    if case.is_program:
        case.programs.order(case.point, "kill")
    else:
        case.when(case.kill, after_effect=bool(case.point.number % 2))
    return expect(case.run(), -signal.SIGKILL)


def interrupted(case: Case) -> Ended:
    """Ctrl-C."""
    case.hold()
    case.start()
    case.await_reached()
    case.kill(signal.SIGINT)
    time.sleep(0.2)
    case.let_go()
    return expect(case.end(), 130)


def second(case: Case) -> Ended:
    """Somebody else deploys at the same time."""
    case.hold()
    case.start()
    case.await_reached()
    other = Case(case.site, case.point, case.programs)
    if not case.point.leased:
        return _overtaken(case, other)
    other.start()
    said = expect(other.end(), 13).said
    assert "is at a release of this site" in said
    case.let_go()
    return expect(case.end(), 0)


def _overtaken(case: Case, other: Case) -> Ended:
    """Whoever came later was first to be alone with the site."""
    ended = threading.Event()
    world = case.site.world
    world.when("run.projects.locations.jobs.get", lambda: _until_set(ended))
    other.start()
    until(lambda: stored(case.site, "lock.json") is not None, "the other holds the lease")
    case.let_go()
    try:
        said = expect(case.end(), 13).said
    finally:
        ended.set()
    assert "is at a release of this site" in said
    return expect(other.end(), 0)


def _until_set(event: threading.Event) -> None:
    event.wait(OVER * 2)


FAULTS: dict[str, Callable[[Case], Ended]] = {
    "refused": refused,
    "times-out": times_out,
    "dies": dies,
    "sigkill": killed,
    "second": second,
    "sigint": interrupted,
}
