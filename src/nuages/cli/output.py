"""What the verbs print: Rich for people, JSON for programs."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TextIO

from rich.console import Console

if TYPE_CHECKING:
    from rich.table import Table

WIDE = 500
"""Columns where nobody's terminal limits them: a pipe or a file is not wrapped."""


def _console(stream: TextIO, **options: Any) -> Console:
    width = None if stream.isatty() else WIDE
    return Console(highlight=False, emoji=False, soft_wrap=True, width=width, **options)


stdout = _console(sys.stdout)
stderr = _console(sys.stderr, stderr=True)


def plain(value: Any) -> Any:
    """Return dataclasses, mappings and tuples as what JSON can hold."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(item) for item in value]
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    return str(value)


def print_json(value: Any) -> None:
    """Print ``value`` as indented JSON on stdout, with no colour and no wrapping."""
    print(json.dumps(plain(value), indent=2, ensure_ascii=False))


def table(*columns: str, header: bool = True) -> Table:
    """A table that reads well at 80 columns and without a terminal."""
    from rich.table import Table  # most verbs print none

    result = Table(box=None, pad_edge=False, header_style="bold", show_header=header)
    for number, column in enumerate(columns):
        result.add_column(column, overflow="fold", no_wrap=number == 0)
    return result
