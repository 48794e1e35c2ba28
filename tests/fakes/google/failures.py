"""Injected failures, by the id that a method has in its discovery document."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from fakes.google.errors import STATUS, GoogleError

MESSAGES = {
    403: "Permission '{method}' denied on resource (or it may not exist).",
    409: "Conflict for resource: it was changed by somebody else meanwhile. Please try again.",
    429: "Quota exceeded for quota metric 'Write requests' and limit 'Write requests per minute'.",
    500: "Internal error encountered.",
    503: "The service is currently unavailable.",
    504: "Deadline expired before operation could complete.",
}


class ConnectionCut(Exception):
    """The server hangs up without an answer."""


@dataclass(frozen=True)
class Asked:
    """A request, as far as is needed to tell it from others of its method."""

    method: str
    parameters: Mapping[str, str]
    """Of its path and its query."""


Where = Callable[[Asked], bool]


def always(_: Asked) -> bool:
    return True


@dataclass
class Failure:
    """`status` 0 cuts the connection. `seconds` is a pause before it, or before the answer."""

    method: str
    status: int | None
    times: int
    after_effect: bool = False
    seconds: float = 0
    message: str = ""
    where: Where = always
    does: Callable[[], None] | None = None
    """Called instead of anything going wrong."""

    def error(self, method: str) -> Exception:
        if not self.status:
            return ConnectionCut(method)
        message = self.message or MESSAGES.get(self.status, "Injected.").format(method=method)
        status = "ABORTED" if self.status == 409 else STATUS[self.status][0]
        return GoogleError(self.status, message, status)


@dataclass
class OperationFailure:
    """`status` 0: nothing fails, but the work begins `seconds` later."""

    method: str
    status: int
    message: str
    times: int
    after_effect: bool = False
    seconds: float = 0
    where: Where = always

    def error(self) -> GoogleError:
        return GoogleError(self.status, self.message, STATUS[self.status][0])


@dataclass
class Failures:
    """What is still to go wrong. Methods are globs: "storage.objects.*"."""

    requests: list[Failure] = field(default_factory=list)
    operations: list[OperationFailure] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def request(self, asked: Asked) -> Failure | None:
        return self._taken(self.requests, asked)

    def operation(self, asked: Asked) -> OperationFailure | None:
        return self._taken(self.operations, asked)

    @property
    def left(self) -> int:
        """How often something is still to go wrong."""
        with self.lock:
            return sum(each.times for each in (*self.requests, *self.operations))

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        with self.lock:
            self.requests.clear()
            self.operations.clear()

    def _taken(self, waiting: list[Any], asked: Asked) -> Any:
        with self.lock:
            for failure in waiting:
                fits = fnmatchcase(asked.method, failure.method) and failure.where(asked)
                if failure.times and fits:
                    failure.times -= 1
                    return failure
        return None
