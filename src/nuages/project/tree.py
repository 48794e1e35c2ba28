"""The only reader of the user's files: a listing, and texts read when they are asked for."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from pathlib import Path

from nuages.project.git_index import tracked
from nuages.project.ignore import Ignore

SKIPPED = frozenset(
    {".git", ".hg", ".svn", ".nuages", ".venv", "venv", "node_modules", "__pycache__"}
    | {".tox", ".nox", ".mypy_cache", ".ruff_cache", ".pytest_cache", "site-packages"}
)
LARGEST = 2_000_000
"""Bytes; a larger file is data, not source, and reads as None."""
GENERATED = "nuages.lock"
"""Lists the files that ``nuages render`` wrote."""
LOCKS = frozenset({"uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock"})
"""Source however long they are."""


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
        """The tree below a folder.

        Folders that hold no source of the user's are skipped, and so is what git ignores and
        does not track: another machine, or an image, would not have it. What ``nuages render``
        wrote is no evidence either: the settings made from the user's must not be taken for
        the user's.
        """
        root = root.resolve()
        ours = frozenset(_hashes(root))
        found = dict.fromkeys(_listing(str(root), "", ()))
        found |= dict.fromkeys(_tracked(root, found))
        files = sorted(path for path in found if path not in ours)
        return cls(root.name, tuple(files), lambda path: _text(root / path))

    @classmethod
    def edited(cls, root: Path) -> Tree:
        """What ``nuages render`` wrote below a folder and somebody has edited since."""
        root = root.resolve()
        hashes = _hashes(root)
        texts = {path: _text(root / path) for path in hashes}
        changed = {p: t for p, t in texts.items() if t is not None and hashed(t) != hashes[p]}
        return cls.of(changed, root.name)

    def read(self, path: str) -> str | None:
        """The text of a file; None when it is absent, too large or not UTF-8."""
        if path not in self:
            return None
        if path not in self._texts:
            self._texts[path] = self._reader(path)
        return self._texts[path]

    @property
    def read_paths(self) -> tuple[str, ...]:
        """The files that somebody has asked for so far and that held text."""
        return tuple(sorted(path for path, text in self._texts.items() if text is not None))

    def __contains__(self, path: str) -> bool:
        return path in self._names

    @cached_property
    def _names(self) -> frozenset[str]:
        return frozenset(self.files)

    @cached_property
    def folders(self) -> frozenset[str]:
        """Every folder that holds a file, directly or not; the root is ``"."``."""
        found = {"."}
        for path in self.files:
            folder = path.rpartition("/")[0]
            while folder and folder not in found:
                found.add(folder)
                folder = folder.rpartition("/")[0]
        return frozenset(found)

    @cached_property
    def by_name(self) -> Mapping[str, tuple[str, ...]]:
        """Paths by the last part of their name, so that a look-up does not read the list."""
        found: dict[str, list[str]] = {}
        for path in self.files:
            found.setdefault(path.rpartition("/")[2], []).append(path)
        return {name: tuple(paths) for name, paths in found.items()}

    def named(self, *names: str) -> tuple[str, ...]:
        """The files with one of these names, anywhere, those nearest the root first."""
        found = [path for name in names for path in self.by_name.get(name, ())]
        return tuple(sorted(found, key=lambda path: (path.count("/"), path)))


def hashed(text: str) -> str:
    """The hash by which a generated text is known again."""
    return hashlib.sha256(text.replace("\r\n", "\n").encode("utf-8", "surrogateescape")).hexdigest()


def _hashes(root: Path) -> Mapping[str, str]:
    """What is in nuages.lock; one that cannot be read is reported by whoever writes it."""
    try:
        found = json.loads(_text(root / GENERATED) or "{}").get("generated", {})
        return {str(path): str(mark) for path, mark in found.items()}
    except (ValueError, AttributeError, TypeError):
        return {}


def _listing(root: str, prefix: str, above: tuple[Ignore, ...]) -> Iterator[str]:
    entries = _entries(f"{root}/{prefix}")
    if prefix and any(entry.name == "pyvenv.cfg" for entry in entries):
        return  # a virtual environment, whatever its name
    ignores = above
    if any(entry.name == ".gitignore" for entry in entries):
        text = _text(Path(root, prefix, ".gitignore"))
        ignores = (*above, Ignore(prefix, text)) if text else above
    for entry in entries:
        path = prefix + entry.name
        if entry.is_dir(follow_symlinks=False):
            if entry.name not in SKIPPED and not _ignored(path, True, ignores):
                yield from _listing(root, f"{path}/", ignores)
        elif not (entry.is_symlink() and entry.is_dir()) and not _ignored(path, False, ignores):
            yield path


def _tracked(root: Path, listed: Mapping[str, None]) -> Iterator[str]:
    """What git tracks although a pattern ignores it."""
    for above in (root, *root.parents):
        try:
            names = tracked((above / ".git/index").read_bytes())
        except OSError:
            continue
        prefix = "" if above == root else f"{root.relative_to(above).as_posix()}/"
        paths = [name.removeprefix(prefix) for name in names if name.startswith(prefix)]
        skipped = tuple(p.removesuffix("pyvenv.cfg") for p in paths if p.endswith("/pyvenv.cfg"))
        for path in paths:
            if path in listed or path.startswith(skipped) or SKIPPED & {*path.split("/")}:
                continue
            if (root / path).is_file():
                yield path
        return


def _entries(folder: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except OSError:  # a folder that may not be read holds nothing for us
        return []


def _ignored(path: str, folder: bool, ignores: tuple[Ignore, ...]) -> bool:
    for ignore in reversed(ignores):  # the nearest .gitignore that has an opinion decides
        decided = ignore.decides(path, folder)
        if decided is not None:
            return decided
    return False


def _text(path: Path) -> str | None:
    try:
        if path.name not in LOCKS and path.stat().st_size > LARGEST:
            return None
        data = path.read_bytes()
        return data.decode(_encoding(data)).replace("\r\n", "\n").replace("\r", "\n")
    except (OSError, UnicodeDecodeError, LookupError):
        return None


def _encoding(data: bytes) -> str:
    """UTF-8, unless one of the first two lines says otherwise, as Python reads it (PEP 263)."""
    head = b"\n".join(data.split(b"\n", 2)[:2])
    said = re.search(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-_.a-zA-Z0-9]+)", head, re.MULTILINE)
    name = said[1].decode().lower().replace("_", "-") if said else "utf-8"
    return "utf-8-sig" if name.startswith("utf-8") or name == "utf8" else name
