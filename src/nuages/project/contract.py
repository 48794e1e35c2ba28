"""The settings contract: every environment variable that the settings read."""

from __future__ import annotations

from collections.abc import Mapping

from nuages.project.evaluation.libraries.environment import text_of
from nuages.project.evaluation.machine import Machine, Read
from nuages.project.facts import Setting, Variable
from nuages.text import looks_secret


def variables(machine: Machine, settings: Mapping[str, Setting]) -> tuple[Variable, ...]:
    """Return the contract of one evaluation, in the order in which variables are read."""
    by_name: dict[str, list[Read]] = {}
    for read in machine.reads:
        by_name.setdefault(read.name, []).append(read)
    return tuple(_variable(machine, name, reads, settings) for name, reads in by_name.items())


def _variable(
    machine: Machine, name: str, reads: list[Read], settings: Mapping[str, Setting]
) -> Variable:
    required = name in machine.required or any(read.required for read in reads)
    steers = tuple(key for key, found in settings.items() if name in found.variables)
    default = next((text for read in reads if (text := text_of(read.default)) is not None), None)
    return Variable(
        name=name,
        reads=tuple(dict.fromkeys(read.location for read in reads)),
        required=required,
        default=None if required else default,
        cast=next((read.cast for read in reads if read.cast), None),
        secret=looks_secret(name) or "SECRET_KEY" in steers,
        build_time=required,
        steers=steers,
    )
