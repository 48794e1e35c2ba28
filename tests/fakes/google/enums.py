"""Numbers of enums, which clients generated from protobuf send in the place of names.

Discovery documents hold the names alone; the numbers are those of google-cloud-run's messages.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import proto
from google.api.launch_stage_pb2 import LaunchStage
from google.cloud import run_v2


def _enums(holder: type) -> Iterator[type[proto.Enum]]:
    for value in vars(holder).values():
        if not isinstance(value, type) or value in (proto.Enum, proto.Message):
            continue
        if issubclass(value, proto.Enum):
            yield value
        elif issubclass(value, proto.Message) and value is not holder:
            yield from _enums(value)


@cache
def _numbers() -> dict[str, dict[int, str]]:
    """By the name that stands for nothing: every enum has its own."""
    found = {"LAUNCH_STAGE_UNSPECIFIED": {n: name for name, n in LaunchStage.items()}}
    modules = {name: value for name, value in vars(run_v2).items() if isinstance(value, type)}
    for enum in _enums(type("Everything", (), modules)):
        members = {member.value: member.name for member in enum}
        found[members[0]] = members
    return found


def named(names: list[str], number: int) -> str | None:
    """The name that a number means in the enum of these names."""
    return _numbers().get(names[0], {}).get(number)
