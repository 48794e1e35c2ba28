"""What is known of a site that has been released, in no cloud's words.

Moments are texts as RFC 3339 writes them, empty where nothing has happened yet.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

ExecutionState = Literal["running", "succeeded", "failed", "cancelled"]


@dataclass(frozen=True)
class SecretState:
    """A secret as it may be shown: everything but its value."""

    name: str
    """The variable."""
    id: str
    generated: bool
    """Whether its value was made up, so that it may be renewed without asking anybody."""
    version: str
    """Of the value that is read now; empty: it has none."""
    at: str
    """When that value was given."""
    readers: tuple[str, ...]
    """The processes that have the variable."""


@dataclass(frozen=True)
class GivenSecret:
    """A value that was added."""

    name: str
    version: str
    disabled: tuple[str, ...]
    """Versions that nobody can read any more."""
    taken: bool = False
    """Whether everybody who has to know it does already."""


@dataclass(frozen=True)
class Record:
    """An entry of a log."""

    id: str
    """The same entry, asked for twice, has the same one."""
    at: str
    process: str
    """``web``, or the name of a worker or job."""
    severity: str
    """``ERROR``; empty where nobody said one."""
    text: str
    """What was printed; of a request one line that tells of it."""


@dataclass(frozen=True)
class LogQuery:
    """Which entries are wanted; everything that is empty is not asked for."""

    processes: tuple[str, ...] = ()
    since: str = ""
    """A moment."""
    severity: str = ""
    """The least one."""
    text: str = ""


@dataclass(frozen=True)
class Execution:
    """A job that was run."""

    id: str
    """As the cloud names it, in full."""
    job: str
    state: ExecutionState
    at: str = ""
    ended: str = ""
    exit_code: int | None = None
    """What its process ended with; None: that is not known."""
    message: str = ""
    """What the cloud says about its end."""


@dataclass(frozen=True)
class Revision:
    """One version of the site as it runs."""

    name: str
    release: str
    percent: int
    """Of the traffic."""
    tags: tuple[str, ...]
    ready: bool
    message: str
    """Why it is not."""
    at: str


@dataclass(frozen=True)
class Worker:
    """A process beside the site."""

    name: str
    release: str
    ready: bool
    message: str
    instances: int | None


@dataclass(frozen=True)
class DatabaseState:
    """The server of the database."""

    name: str
    state: str
    version: str
    tier: str
    at: str


@dataclass(frozen=True)
class Leftover:
    """What is there, and belongs to nothing that is deployed."""

    kind: str
    name: str
    why: str


@dataclass(frozen=True)
class SiteState:
    """What the cloud says of a site."""

    url: str
    """Empty: there is no site."""
    ready: bool
    message: str
    revisions: tuple[Revision, ...]
    """The newest first."""
    workers: tuple[Worker, ...]
    jobs: tuple[Execution, ...]
    """The last execution of each job that was ever run."""
    database: DatabaseState | None
    leftovers: tuple[Leftover, ...]


@dataclass(frozen=True)
class Backup:
    """What the database was at a moment."""

    id: str
    state: str
    """``successful``, ``running``, ``failed``…"""
    kind: str
    """``on_demand`` or ``automated``."""
    at: str
    ended: str
    description: str


@dataclass(frozen=True)
class Restored:
    """A backup that was brought back, and how the site finds it."""

    backup: str
    instance: str
    check: Execution
    """Of a program that has read all of it: the exit code tells, what it printed says more."""


@dataclass(frozen=True)
class Access:
    """How somebody gets into the database from outside."""

    engine: Literal["postgresql", "mysql"]
    host: str
    port: int
    name: str
    user: str
    secret: str
    """Which secret holds the password."""
    tunnel: tuple[str, ...]
    """A program of the cloud's own that leads there, if it is installed; ``{port}``: here."""
    tunnel_port: int
    """Where that program goes to, on the same host."""
    ways: str
    """How a machine comes to reach that address at all."""


@dataclass(frozen=True)
class Surroundings:
    """What a process of the site has around it."""

    image: str
    plain: Mapping[str, str]
    secrets: Mapping[str, str]
    """Variable → the secret that holds its value."""
