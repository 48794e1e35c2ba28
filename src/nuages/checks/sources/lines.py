"""Files that are read line by line: scripts, a Procfile, ignore files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from nuages.text import Location

_ENTRY = re.compile(r"([A-Za-z0-9_-]+)\s*:\s*(.+)")


@dataclass(frozen=True)
class Line:
    """A line, its continuation joined; ``text`` has no space around it."""

    text: str
    location: Location


@dataclass(frozen=True)
class Lines:
    """A file without its comments and empty lines."""

    path: str
    text: str

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        return tuple(self._lines())

    def _lines(self) -> Iterator[Line]:
        pending, start = "", 0
        for number, line in enumerate(self.text.splitlines(), 1):
            if not pending and (not line.strip() or line.lstrip().startswith("#")):
                continue
            start = start or number
            pending = f"{pending} {line.strip()}".strip()
            if pending.endswith("\\"):
                pending = pending[:-1].rstrip()
                continue
            yield Line(pending, Location(self.path, start))
            pending, start = "", 0
        if pending:
            yield Line(pending, Location(self.path, start))

    def matching(self, pattern: str) -> Iterator[tuple[Line, re.Match[str]]]:
        """The lines in which a regular expression is found."""
        for line in self.lines:
            match = re.search(pattern, line.text)
            if match:
                yield line, match


@dataclass(frozen=True)
class ProcessEntry:
    """``web: gunicorn mysite.wsgi``"""

    name: str
    command: str
    location: Location


def procfile(text: str, path: str) -> tuple[ProcessEntry, ...]:
    """The processes that a Procfile names."""
    matches = ((line, _ENTRY.match(line.text)) for line in Lines(path, text).lines)
    return tuple(ProcessEntry(m[1], m[2], line.location) for line, m in matches if m)
