"""One request to one method, and the functions that answer them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from fakes.google.discovery import Method
from fakes.google.errors import GoogleError
from fakes.google.store import Change
from fakes.google.terraform import Kind

if TYPE_CHECKING:
    from fakes.google.world import GoogleWorld

Json = dict[str, Any]


@dataclass(frozen=True)
class Media:
    """Bytes that a request brings beside its JSON."""

    content: bytes
    content_type: str


@dataclass(frozen=True)
class Raw:
    """An answer that is not JSON."""

    content: bytes
    content_type: str = "application/octet-stream"
    headers: dict[str, str] = field(default_factory=dict)
    status: int = 200


def json_answer(body: Json, status: int = 200) -> Raw:
    content = json.dumps(body, indent=2).encode() + b"\n"
    return Raw(content, "application/json; charset=UTF-8", status=status)


@dataclass(frozen=True)
class Call:
    """A request that has been checked."""

    world: GoogleWorld
    method: Method
    path: dict[str, str]
    query: Json
    body: Json
    media: Media | None = None
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def base(self) -> str:
        """The URL of this API on the fake."""
        return f"{self.world.url}/{self.method.api.host}"


Handler = Callable[[Call], Json | Raw]
HANDLERS: dict[tuple[str, str], Handler] = {}


def answers(api: str, *keys: str) -> Callable[[Handler], Handler]:
    """Registers a function: answers("run.v2", "projects.locations.services.get")."""

    def register(handler: Handler) -> Handler:
        for key in keys:
            HANDLERS[api, key] = handler
        return handler

    return register


def answer(call: Call) -> Json | Raw:
    handler = HANDLERS.get((call.method.api.name, call.method.key))
    if handler is None:
        raise GoogleError(501, f"The fake has no answer for {call.method.id}.")
    return handler(call)


Notice = Callable[["GoogleWorld", Change], None]
NOTICES: dict[str, tuple[Kind, Notice]] = {}


def notices(kind: Kind) -> Callable[[Notice], Notice]:
    """Registers what happens when Terraform made, changed or removed something of a kind."""

    def register(notice: Notice) -> Notice:
        NOTICES[kind.type] = (kind, notice)
        return notice

    return register
