"""Every command that starts or releases a site, wherever it is written."""

from __future__ import annotations

from collections.abc import Iterable

from nuages.checks.sources.compose import ComposeFile
from nuages.checks.sources.dockerfile import Dockerfile
from nuages.checks.sources.lines import Lines, ProcessEntry
from nuages.text import Location

_STARTS = ("CMD", "ENTRYPOINT")


def commands(
    processes: Iterable[ProcessEntry],
    dockerfiles: Iterable[Dockerfile],
    compose_files: Iterable[ComposeFile],
    scripts: Iterable[Lines],
) -> tuple[tuple[str, Location], ...]:
    """Command lines with their places."""
    found = [(entry.command, entry.location) for entry in processes]
    for file in dockerfiles:
        found += [(i.command, i.location) for i in file.final if i.keyword in _STARTS]
    for compose in compose_files:
        found += [(s.command, s.at("command")) for s in compose.services if s.command]
    for script in scripts:
        found += [(line.text, line.location) for line in script.lines]
    return tuple(found)
