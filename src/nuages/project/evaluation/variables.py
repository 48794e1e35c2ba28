"""The settings contract out of one evaluation: each variable, how it is read, what it steers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from nuages.project.evaluation.libraries.environment import text_of
from nuages.project.evaluation.machine import Machine
from nuages.project.evaluation.reads import static_reads
from nuages.project.evaluation.values import Value
from nuages.project.facts import Setting, Variable
from nuages.text import Location, looks_secret

OWN = frozenset({"DJANGO_SETTINGS_MODULE", "DJANGO_CONFIGURATION"})
"""Set by whatever starts Django, never asked of the user."""


@dataclass
class _Entry:
    places: list[Location] = field(default_factory=list)
    defaults: list[str] = field(default_factory=list)
    casts: list[str] = field(default_factory=list)
    required: bool = False


def variables(
    machine: Machine, settings: Mapping[str, Setting], values: Mapping[str, Value]
) -> tuple[Variable, ...]:
    """Return the contract: every variable read in the files that took part, taken or not."""
    entries = _entries(machine)
    secret = set(_secrets(machine, entries, values))
    return tuple(
        _variable(name, entry, settings, name in secret)
        for name, entry in entries.items()
        if name not in OWN
    )


def _entries(machine: Machine) -> dict[str, _Entry]:
    entries: dict[str, _Entry] = {}
    for read in machine.reads:
        entry = entries.setdefault(read.name, _Entry())
        entry.places.append(read.location)
        text = text_of(read.default)
        entry.defaults += [text] if text is not None else []
        entry.casts += [read.cast] if read.cast else []
        entry.required |= read.required
    for found in static_reads(machine.tree, machine.files):
        prefixed = next((name for name in entries if _same(entries[name], found.location)), None)
        entry = entries.setdefault(prefixed or found.name, _Entry())
        entry.places.append(found.location)
        entry.defaults += [found.default] if found.default is not None else []
        entry.casts += [found.cast] if found.cast else []
    for name in machine.required:
        entries.setdefault(name, _Entry()).required = True
    order = {path: number for number, path in enumerate(machine.files)}
    for entry in entries.values():
        entry.places.sort(key=lambda place: (order.get(place.path, len(order)), place))
    return entries


def _same(entry: _Entry, place: Location) -> bool:
    """A lookup whose name has a prefix stands at the same place under its short name."""
    return place in entry.places


def _variable(name: str, entry: _Entry, settings: Mapping[str, Setting], secret: bool) -> Variable:
    return Variable(
        name=name,
        reads=tuple(dict.fromkeys(entry.places)),
        required=entry.required,
        default=None if entry.required or not entry.defaults else entry.defaults[0],
        cast=entry.casts[0] if entry.casts else None,
        secret=secret or looks_secret(name),
        build_time=entry.required,
        steers=tuple(key for key, found in settings.items() if name in found.variables),
    )


def _secrets(
    machine: Machine, entries: Mapping[str, _Entry], values: Mapping[str, Value]
) -> Iterator[str]:
    """Variables whose text itself ends up where a secret belongs."""
    for name, value in _secret_places(values, 0):
        for variable in value.taint:
            if variable not in entries or "bool" in entries[variable].casts:
                continue
            given = machine.environ.get(variable)
            own = given is not None and given.data == value.data
            needed = value.unknown and value.data.reason == f"needs {variable}"
            default = isinstance(value.data, str) and value.data in entries[variable].defaults
            if value.data and (own or needed or default) and name:
                yield variable


def _secret_places(values: Mapping[str, Value], depth: int) -> Iterator[tuple[str, Value]]:
    for name, value in list(values.items()):
        if isinstance(value.data, dict) and depth < 6:
            yield from _secret_places(value.data, depth + 1)
        elif isinstance(name, str) and looks_secret(name):
            yield name, value
