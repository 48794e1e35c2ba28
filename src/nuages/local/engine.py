"""What running a project here means: one request, one answer, two engines behind it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

from nuages.effects.shell import Process
from nuages.local.process.workspace import cache_home
from nuages.model import Deployment
from nuages.project.facts import Project, Variable

Origin = Literal["given", "environment", "kept", "generated", "stand-in", "asked", "service"]


class Listener(Protocol):
    """Who is told what happens: a terminal, a test, nobody."""

    def step(self, title: str) -> AbstractContextManager[None]:
        """A piece of work that takes a while; left by an exception when it fails."""

    def line(self, text: str) -> None:
        """A line that the work printed."""

    def notice(self, code: str, text: str) -> None:
        """Something that the user should know: ``code`` is stable, ``text`` is for people."""


@dataclass(frozen=True)
class Request:
    """What to run, and how."""

    root: Path
    project: Project
    deployment: Deployment
    listener: Listener
    port: int | None = None
    """None: the first free port from 8000."""
    replicas: int | None = None
    """None: as many server processes as suit this machine."""
    given: Mapping[str, str] = field(default_factory=dict)
    """Values from ``--env-file``."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """The caller's own environment."""
    ask: Callable[[Variable], str] | None = None
    """How to ask for a value; None when nobody sits at a terminal."""
    detach: bool = False
    tls: bool = False

    @property
    def cache(self) -> Path:
        """The user's folder for what several projects share."""
        return cache_home(self.environment)

    @property
    def home(self) -> Path:
        """The one folder that is written: it ignores itself in git."""
        return self.root / ".nuages"


@dataclass(frozen=True)
class Value:
    """A variable that the site runs with, and where its value came from."""

    name: str
    value: str = field(repr=False)
    origin: Origin
    note: str = ""


@dataclass(frozen=True)
class Superuser:
    """Who can log in to the admin; the password is known only when it was given or made now."""

    login: str
    """What the model logs in by: ``username`` or ``email``."""
    name: str
    password: str | None = field(repr=False)
    created: bool
    generated: bool
    others: tuple[str, ...] = ()
    """What else may name the same user to a login form: an e-mail address, a user name."""


@dataclass(frozen=True)
class Notice:
    code: str
    text: str


@dataclass(frozen=True)
class Running:
    """A site that has been started."""

    engine: str
    address: str
    """What to open: ``http://localhost:8000``."""
    connect: str
    """Where to connect: ``http://127.0.0.1:8000``."""
    host: str
    """An allowed Host, port included."""
    superuser: Superuser | None
    values: tuple[Value, ...]
    differences: tuple[str, ...]
    """How this run differs from production, each in one sentence."""
    notices: tuple[Notice, ...]
    processes: tuple[Process, ...]
    containers: tuple[str, ...]
    logs: Path
    admin: str | None
    """The path of the admin's index, where it is installed."""
    pages: tuple[str, ...]
    """Paths of pages worth trying, the best first."""
    own_logins: tuple[str, ...] = ()
    """Authentication back ends that are not Django's own and judge a login by rules of theirs."""
    asks_host: bool = True
    """Whether every request is asked for its Host, and refused when that is not allowed."""


class Engine(Protocol):
    """A way to run a project on this machine."""

    name: str

    def start(self, request: Request) -> Running:
        """Bring everything up; what was started is stopped again when any of it fails."""

    def wait(self, running: Running) -> int:
        """Return when what the site cannot do without ends: its exit status."""

    def stop(self, root: Path) -> tuple[str, ...]:
        """Stop what an earlier ``start`` left running below ``root``; their names."""
