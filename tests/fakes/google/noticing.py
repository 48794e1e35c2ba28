"""What Terraform did is taken up once, and whoever asks for it waits until that is done."""

from __future__ import annotations

import threading
import traceback
from typing import TYPE_CHECKING

from fakes.google.calls import NOTICES, Notice
from fakes.google.errors import GoogleError
from fakes.google.terraform import file_name

if TYPE_CHECKING:
    from fakes.google.store import Change
    from fakes.google.world import GoogleWorld

Key = tuple[str, str]


class Noticing:
    """Terraform applies many things at once, and each of them calls: whichever comes first takes
    up all that is new, and the others wait for their own."""

    def __init__(self, world: GoogleWorld) -> None:
        self.world = world
        self.running: dict[Key, threading.Event] = {}
        self.refused: dict[Key, GoogleError] = {}

    def take_up(self) -> list[GoogleError]:
        """Everything that is new; returns what Google would have refused of it."""
        with self.world.resources.lock:
            # What runs comes after what it reads.
            kinds = sorted(NOTICES.values(), key=lambda each: each[0].api == "run.v2")
            claimed = [
                (notice, change)
                for kind, notice in kinds
                for change in self.world.resources.changes(kind)
            ]
            for _, change in claimed:
                self.running[_key(change)] = threading.Event()
        errors = [self._taken_up(notice, change) for notice, change in claimed]
        return [error for error in errors if error is not None]

    def _taken_up(self, notice: Notice, change: Change) -> GoogleError | None:
        try:
            notice(self.world, change)
        except GoogleError as error:
            self.refused[_key(change)] = error
        except Exception as error:  # of the runtime: nobody may be left waiting for it
            traceback.print_exc()
            self.refused[_key(change)] = GoogleError(500, f"{change.name}: {error!r}")
        finally:
            self.running.pop(_key(change)).set()
        return self.refused.get(_key(change))

    def settled(self, type: str, ident: str) -> GoogleError | None:
        """Waits for what Terraform did to that object; returns why it was refused."""
        self.take_up()
        key = (type, file_name(ident))
        event = self.running.get(key)
        if event is not None:
            event.wait()
        return self.refused.pop(key, None)


def _key(change: Change) -> Key:
    return change.kind.type, change.file
