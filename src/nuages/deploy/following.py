"""Reads a log that grows: everything once, in the order of time, as it arrives."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from nuages.deploy.filling import Filling
from nuages.effects import clock
from nuages.steps.site import Record
from nuages.steps.step import Request, Tail
from nuages.targets.target import Client

LATE = timedelta(seconds=20)
"""How much later than its neighbours an entry may turn up."""
RESTS = (0.3, 0.6, 1.2, 2.4, 4.5)
"""Seconds before each further look at a log whose writer has ended."""


@dataclass
class Following:
    """Remembers what it has given out already."""

    client: Client
    tail: Tail
    seen: dict[str, str] = field(default_factory=dict)
    """Id → moment, of entries that may be met again."""

    def take(self, records: Iterable[Record]) -> None:
        """What somebody has shown already."""
        self._remember({record.id: record for record in records})

    def new(self) -> list[Record]:
        """What was not given out yet, the oldest first. Raises CloudRefused."""
        found = {r.id: r for r in self._asked() if r.id not in self.seen}
        self._remember(found)
        return sorted(found.values(), key=lambda record: record.at)

    def rest(self) -> list[Record]:
        """The same once nothing is written any more: entries take seconds to turn up."""
        found = self.new()
        for seconds in RESTS:
            if found:
                break
            clock.pause(seconds)
            found = self.new()
        return found

    def _asked(self) -> Iterator[Record]:
        request = self.tail.request
        if self.seen:
            request = self.tail.after(request, _earlier(max(self.seen.values())))
        following: Request | None = Filling(self.client).request(request)
        while following is not None:
            answer = self.client.send(following)
            yield from self.tail.records(answer)
            following = self.tail.following(following, answer)

    def _remember(self, found: dict[str, Record]) -> None:
        self.seen |= {id: record.at for id, record in found.items()}
        if self.seen:
            oldest = _earlier(max(self.seen.values()))
            self.seen = {id: at for id, at in self.seen.items() if at >= oldest}


def _earlier(moment: str) -> str:
    """So much earlier that nothing late is missed; moments are compared as texts."""
    at = datetime.fromisoformat(moment) - LATE
    return at.isoformat(timespec="microseconds").replace("+00:00", "Z")
