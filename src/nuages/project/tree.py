"""The only reader of the user's files: a listing, and texts read when they are asked for."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from pathlib import Path, PurePosixPath

SKIPPED = frozenset(
    {".git", ".hg", ".svn", ".nuages", ".venv", "venv", "node_modules", "__pycache__"}
    | {".tox", ".nox", ".mypy_cache", ".ruff_cache", ".pytest_cache", "site-packages"}
)
LARGEST = 2_000_000
"""Bytes; a larger file is data, not source, and reads as None."""


class Tree:
    """Files by their path relative to the root, with ``/`` between folders."""

    def __init__(self, name: str, files: tuple[str, ...], reader: Callable[[str], str | None]):
        self.name = name
        self.files = files
        self._reader = reader
        self._texts: dict[str, str | None] = {}

    @classmethod
    def of(cls, texts: Mapping[str, str], name: str = "project") -> Tree:
        """A tree held in memory."""
        return cls(name, tuple(sorted(texts)), texts.get)

    @classmethod
    def open(cls, root: Path) -> Tree:
        """The tree below a folder; folders that hold no source of the user's are skipped."""
        root = root.resolve()
        return cls(root.name, tuple(sorted(_listing(root))), lambda path: _text(root / path))

    def read(self, path: str) -> str | None:
        """The text of a file; None when it is absent, too large or not UTF-8."""
        if path not in self:
            return None
        if path not in self._texts:
            self._texts[path] = self._reader(path)
        return self._texts[path]

    def __contains__(self, path: str) -> bool:
        return path in self._names

    @cached_property
    def _names(self) -> frozenset[str]:
        return frozenset(self.files)

    @cached_property
    def folders(self) -> frozenset[str]:
        """Every folder that holds a file, directly or not; the root is ``"."``."""
        return frozenset(str(parent) for f in self.files for parent in PurePosixPath(f).parents)


def _listing(root: Path) -> Iterator[str]:
    for folder, folders, files in os.walk(root):
        folders[:] = [name for name in folders if name not in SKIPPED]
        prefix = Path(folder).relative_to(root).as_posix()
        for name in files:
            yield name if prefix == "." else f"{prefix}/{name}"


def _text(path: Path) -> str | None:
    try:
        if path.stat().st_size > LARGEST:
            return None
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return None
