"""Preconditions: cloud.google.com/storage/docs/request-preconditions"""

from __future__ import annotations

from typing import Any

from fakes.google.errors import GoogleError, legacy

Json = dict[str, Any]
UNMET = "At least one of the pre-conditions you specified did not hold."


def unmet() -> GoogleError:
    return legacy(412, UNMET, "conditionNotMet")


def check_generation(current: Json | None, query: Json) -> None:
    """Raises GoogleError 412; a generation of 0 stands for "there is none"."""
    generation = int(current["generation"]) if current else 0
    for name, wrong in (("ifGenerationMatch", False), ("ifGenerationNotMatch", True)):
        if name in query and (int(query[name]) == generation) is wrong:
            raise unmet()
    if current:
        check_metageneration(current, query)


def check_metageneration(current: Json, query: Json) -> None:
    """Raises GoogleError 412."""
    number = int(current["metageneration"])
    for name, wrong in (("ifMetagenerationMatch", False), ("ifMetagenerationNotMatch", True)):
        if name in query and (int(query[name]) == number) is wrong:
            raise unmet()
