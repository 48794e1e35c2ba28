"""Long-running operations (google.longrunning): google.aip.dev/151"""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from fakes.google.errors import GoogleError, not_found
from fakes.google.failures import Asked

if TYPE_CHECKING:
    from fakes.google.calls import Call

Json = dict[str, Any]


@dataclass
class Operation:
    name: str
    type: str
    metadata: Json
    done: threading.Event = field(default_factory=threading.Event)
    response: Json | None = None
    error: Json | None = None
    observed: Callable[[], Json | None] | None = None

    def body(self) -> Json:
        """Its metadata are the resource as it is now, where `observed` tells."""
        now = self.observed() if self.observed else None
        metadata = {"@type": self.metadata["@type"], **now} if now else self.metadata
        found: Json = {"name": self.name, "metadata": metadata}
        if not self.done.is_set():
            return found
        if self.error is not None:
            return {**found, "done": True, "error": self.error}
        answer = {"@type": f"type.googleapis.com/{self.type}", **(self.response or {})}
        return {**found, "done": True, "response": answer}


class Operations:
    """Those of all APIs; each runs in a thread of its own."""

    def __init__(self) -> None:
        self.all: dict[str, Operation] = {}

    def started(
        self,
        call: Call,
        place: str,
        returned: str,
        work: Callable[[], Json | None],
        metadata: Json | None = None,
        observed: Callable[[], Json | None] | None = None,
    ) -> Json:
        """Starts `work`, and answers the operation as it is at that moment: not done.

        Args:
            place: what the operation's name begins with: projects/p/locations/l
            returned: full name of the message that `work` returns: google.cloud.run.v2.Service
        """
        name = f"{place}/operations/{uuid.uuid4()}".lstrip("/")
        operation = Operation(name, returned, metadata or {}, observed=observed)
        first = operation.body()
        self.begin(call, operation, work)
        return first

    def begin(self, call: Call, operation: Operation, work: Callable[[], Json | None]) -> None:
        self.all[operation.name] = operation
        thread = threading.Thread(target=_run, args=(call, operation, work), daemon=True)
        thread.start()

    def get(self, name: str) -> Operation:
        if name not in self.all:
            raise not_found(name)
        return self.all[name]

    def under(self, place: str) -> list[Json]:
        return [each.body() for name, each in self.all.items() if name.startswith(place)]


def _run(call: Call, operation: Operation, work: Callable[[], Json | None]) -> None:
    given = {name: str(value) for name, value in {**call.query, **call.path}.items()}
    failure = call.world.failures.operation(Asked(call.method.id, given))
    try:
        time.sleep(failure.seconds if failure else 0)
        if failure is None or failure.after_effect:
            operation.response = work()
        if failure is not None and failure.status:
            operation.error = failure.error().rpc_status()
    except GoogleError as error:
        operation.error = error.rpc_status()
    except Exception as error:  # a fault of the fake must not leave anybody waiting
        operation.error = {"code": 13, "message": f"The fake failed: {error!r}"}
        raise
    finally:
        operation.done.set()
