"""One thing to be done, as data: the executor does it, the dry run prints it."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from nuages.steps.site import Record


@dataclass(frozen=True)
class Secret:
    """Stands for the newest value of a secret, which only the executor ever knows."""

    id: str

    def __str__(self) -> str:
        return f"‹secret {self.id}›"


@dataclass(frozen=True)
class Joined:
    """Stands for a text with secrets in it, each escaped as in a URL; base64 in a body."""

    parts: tuple[str | Secret, ...]

    def __str__(self) -> str:
        return "".join(str(part) for part in self.parts)


@dataclass(frozen=True)
class Fresh:
    """Stands for a value that is made up when the step is done: ``length`` random characters."""

    length: int = 50

    def __str__(self) -> str:
        return f"‹{self.length} random characters›"


@dataclass(frozen=True)
class Again:
    """Stands for a value that a secret has had: that of one version, by its full name."""

    version: str

    def __str__(self) -> str:
        return f"‹the value of {self.version}›"


@dataclass(frozen=True)
class Given:
    """Stands for a value that somebody gave to the executor under this name."""

    name: str

    def __str__(self) -> str:
        return f"‹the value of {self.name}›"


@dataclass(frozen=True)
class Token:
    """Stands for the access token of whoever deploys."""

    def __str__(self) -> str:
        return "‹access token›"


@dataclass(frozen=True)
class Since:
    """Stands for a moment: so many seconds before the step is done."""

    seconds: int

    def __str__(self) -> str:
        return f"‹{self.seconds} s ago›" if self.seconds else "‹now›"


@dataclass(frozen=True)
class Run:
    """A program, run to its end; one that fails ends the release."""

    label: str
    argv: tuple[str, ...]
    directory: str = "."
    """Below the project's root."""
    environment: Mapping[str, str | Secret | Token] = field(default_factory=dict)
    """Added to the caller's own."""
    stdin: Secret | Token | None = None
    output: str | None = None
    """The name under which what it prints is kept, as ``read`` understands it."""
    read: Callable[[str], Any] = json.loads
    statuses: tuple[int, ...] = (0,)
    """Every exit status that is a success."""

    def __str__(self) -> str:
        secrets = (f"{name}={value}" for name, value in self.environment.items())
        place = [] if self.directory == "." else [f"cd {shlex.quote(self.directory)} &&"]
        given = [f"< {self.stdin}"] if self.stdin is not None else []
        return " ".join([*place, *secrets, shlex.join(self.argv), *given])


@dataclass(frozen=True)
class Request:
    """One request to a cloud's API, in the words of that API's own reference."""

    label: str
    api: str
    """``run.v2``."""
    method: str
    """``projects.locations.services.patch``."""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    body: Mapping[str, Any] | None = None
    output: str | None = None
    """The name under which the answer is kept: of an operation, what it ended in."""
    accept: tuple[int, ...] = ()
    """Refusals that are no failure (409 where it is there already); the answer is then empty."""
    patience: int = 900
    """Seconds after which a long-running operation counts as failed; 0: it is not waited for."""
    read: Callable[[Any], Any] = lambda answer: answer
    """What of the answer is kept."""

    def __str__(self) -> str:
        given = " ".join(f"{name}={_short(value)}" for name, value in self.parameters.items())
        body = f" {_short(self.body)}" if self.body else ""
        return f"{self.api} {self.method} {given}{body}".rstrip()


@dataclass(frozen=True)
class Upload:
    """Everything that an image is built from, packed, as an object of a bucket."""

    label: str
    place: str
    name: str
    dockerfile: str
    """Below the project's root, which is what is packed."""
    output: str | None = None
    """The name under which the object's version is kept."""

    def __str__(self) -> str:
        return f"what {self.dockerfile} builds from, as .tar.gz > {self.place}/{self.name}"


@dataclass(frozen=True)
class Question:
    """What a probe asks: a path, and what counts as an answer."""

    path: str
    statuses: tuple[int, ...] = (200,)
    """Every one that is right."""


@dataclass(frozen=True)
class Probe:
    """HTTP questions to a revision that nobody is sent to yet."""

    label: str
    url: str
    questions: tuple[Question, ...]
    audience: str = ""
    """Whom an ID token is for that goes with a question where it is refused without."""
    patience: int = 60

    def __str__(self) -> str:
        return "\n".join(f"GET {self.url}{question.path}" for question in self.questions)


@dataclass(frozen=True)
class Keep:
    """A secret whose newest value has to be this one; it gets another where it is not."""

    label: str
    id: str
    value: Joined

    def __str__(self) -> str:
        return f"{self.id} = {self.value}"


@dataclass(frozen=True)
class Wait:
    """Time that has to pass."""

    label: str
    seconds: int

    def __str__(self) -> str:
        return f"wait {self.seconds} s"


@dataclass(frozen=True)
class Tail:
    """A log that is asked again and again for what is new in it."""

    request: Request
    after: Callable[[Request, str], Request]
    """The same request, for what was written at a moment (RFC 3339) or later."""
    following: Callable[[Request, Any], Request | None]
    """What asks for the page after an answer; None: that was the last one."""
    records: Callable[[Any], Sequence[Record]]


@dataclass(frozen=True)
class Await:
    """One request again and again, until its answer says that something has ended."""

    request: Request
    until: Callable[[Any], bool]
    patience: int
    """Seconds."""
    follow: Tail | None = None
    """A log whose lines are shown in the meantime."""

    @property
    def label(self) -> str:
        return self.request.label

    def __str__(self) -> str:
        return f"until it has ended: {self.request}"


Step = Run | Request | Upload | Probe | Keep | Wait | Await


def _short(value: Any) -> str:
    if isinstance(value, Mapping | list | tuple):
        return json.dumps(value, default=str, ensure_ascii=False)
    return str(value)
