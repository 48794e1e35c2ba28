"""What Terraform says when it fails, cut into messages with the place of each."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nuages.text import Location

_START = re.compile(r"^Error: ", re.MULTILINE)
_FRAME = re.compile(r"^[╷│╵] ?", re.MULTILINE)
_PLACE = re.compile(
    r"^  on (?P<path>.+?) line (?P<line>\d+)(?:, in (?P<block>.+))?:$", re.MULTILINE
)
_OBJECT = re.compile(r"^  with (?P<address>.+?),?$", re.MULTILINE)
_QUOTED = re.compile(r"^ +\d+: .*$", re.MULTILINE)
_ANNOUNCED = "encountered problems during initiali"
_WARNING = re.compile(r"^Warning: ", re.MULTILINE)


@dataclass(frozen=True)
class Fault:
    """One error of Terraform's."""

    title: str
    """``Missing required argument``."""
    detail: str
    location: Location | None = None
    """The file's name is relative to the folder of the configuration."""
    address: str = ""
    """The object that it is about."""

    @property
    def message(self) -> str:
        return " ".join(part for part in (f"{self.title.rstrip('.')}.", self.detail) if part)


def faults(printed: str) -> tuple[Fault, ...]:
    """Every error in what Terraform or OpenTofu printed without colour, in its order.

    The one that only says that others follow is left out.
    """
    plain = _FRAME.sub("", printed)
    found = [_fault(text) for text in _START.split(plain)[1:]]
    return tuple(fault for fault in found if len(found) == 1 or _ANNOUNCED not in fault.title)


def _fault(text: str) -> Fault:
    title, _, rest = _WARNING.split(text)[0].partition("\n\n")
    place, about = _PLACE.search(rest), _OBJECT.search(rest)
    for pattern in (_PLACE, _OBJECT, _QUOTED):
        rest = pattern.sub("", rest)
    return Fault(
        title=" ".join(title.split()),
        detail=" ".join(rest.split()),
        location=Location(place["path"], int(place["line"])) if place else None,
        address=about["address"] if about else "",
    )
