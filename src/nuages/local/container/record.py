"""What a launch in containers has done so far, written down in time to be stopped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from nuages.local.engine import Value
from nuages.local.process.record import Record

ENGINE = "docker"
_PLAIN = "plain http: the redirect to https, HSTS and Secure cookies are off (--tls has them on)"


@dataclass
class ContainerRecord(Record):
    """The processes are those that follow the containers' logs."""

    engine: ClassVar[str] = ENGINE

    def differ(self, values: tuple[Value, ...], *, tls: bool) -> None:
        """Say how this run is not production."""
        if not tls:
            self.difference(_PLAIN)
        made_up = [v.name for v in values if v.note and v.origin == "stand-in"]
        if made_up:
            self.difference(f"{', '.join(made_up)}: made up, so what needs them does not work")
