"""``services``, ``schedules`` and ``secrets``: what runs beside the web, and what is secret."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from nuages.config.schema.deployment import Resources
from nuages.config.schema.fields import (
    Command,
    Count,
    Duration,
    EnvironmentValues,
    Section,
    VariableName,
    VariableNames,
)

_RANGES = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
_FIELDS = ("minute", "hour", "day of the month", "month", "day of the week")
_NAMES = {
    3: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
    4: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"],
}
_PART = re.compile(r"(?:\*|(?P<low>\w{1,3})(?:-(?P<high>\w{1,3}))?)(?:/(?P<step>[1-9]\d?))?")


def _cron(written: str) -> str:
    """Five fields as in crontab(5): https://man7.org/linux/man-pages/man5/crontab.5.html."""
    fields = written.split()
    if len(fields) != 5:
        raise ValueError("should have five fields: minute hour day month weekday, as '0 3 * * *'")
    for index, field in enumerate(fields):
        if not all(_is_part(part, index) for part in field.split(",")):
            raise ValueError(f"has no {_FIELDS[index]} {field[:40]!r}")
    return " ".join(fields)


def _is_part(part: str, index: int) -> bool:
    match = _PART.fullmatch(part)
    if match is None:
        return False
    numbers = [_number(name, index) for name in (match["low"], match["high"]) if name]
    known = [number for number in numbers if number is not None]
    return len(known) == len(numbers) and known == sorted(known)


def _number(word: str, index: int) -> int | None:
    low, high = _RANGES[index]
    names = _NAMES.get(index, [])
    if word.lower() in names:
        return names.index(word.lower()) + low
    return int(word) if word.isascii() and word.isdigit() and low <= int(word) <= high else None


Cron = Annotated[
    str,
    AfterValidator(_cron),
    WithJsonSchema({"type": "string", "examples": ["0 3 * * *", "*/15 * * * mon-fri"]}),
]


class ServiceSection(Section):
    """A process beside the web: a worker, a consumer, a scheduler."""

    command: Command | None = Field(
        None, description="A command line or a list of strings. Needed unless it was detected."
    )
    instances: Count | None = Field(None, description="How many run; 0 stops the service.")
    resources: Resources | None = Field(None, description="CPU and memory of an instance.")
    singleton: bool | None = Field(
        None, description="Never two at once, not even during a release (a scheduler)."
    )
    stop_timeout: Duration | None = Field(
        None, description="Time between SIGTERM and SIGKILL, to finish running tasks."
    )
    env_vars: EnvironmentValues | None = Field(
        None, description="Variables of this service alone, over the common ones."
    )
    secrets: VariableNames | None = Field(
        None, description="Secrets of this service alone, besides the common ones."
    )


def _switched_off(written: object) -> object:
    if written is False:
        return None
    if written is True or written is None:
        raise ValueError("should be a mapping, or false to leave a detected service out")
    return written


ServiceChoice = Annotated[
    ServiceSection | None,
    BeforeValidator(_switched_off),
]
"""``worker: false`` leaves out a service that was detected."""


class ScheduleSection(Section):
    """A management command that runs by the clock."""

    cron: Cron = Field(description="Five fields: minute hour day month weekday, in UTC.")
    command: Command = Field(description="A management command, as after manage.py.")
    timeout: Duration | None = Field(None, description="When a run is ended.")
    retries: Annotated[int, Field(ge=0, le=10)] | None = Field(
        None, description="How often a run that failed is begun again. Default: 0."
    )
    resources: Resources | None = Field(None, description="CPU and memory of a run.")


class SecretSection(Section):
    """A variable whose value is kept in a secret store."""

    generated: bool | None = Field(
        None,
        description="true: a random value is made once. Default: for our own keys and passwords.",
    )


def _names(written: object) -> object:
    """A list of names is short for a mapping without options."""
    if isinstance(written, list):
        wrong = next((item for item in written if not isinstance(item, str)), None)
        if wrong is not None:
            raise ValueError(f"should be a list of names of variables; {str(wrong)[:40]!r} is none")
        twice = next((item for item in written if written.count(item) > 1), None)
        if twice is not None:
            raise ValueError(f"lists {twice!r} twice")
        return {name: {} for name in written}
    if isinstance(written, dict):
        return {name: {} if options is None else options for name, options in written.items()}
    return written


Secrets = Annotated[
    dict[VariableName, SecretSection],
    BeforeValidator(_names),
]
