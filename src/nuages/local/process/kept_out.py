"""Files that git ignores and without which the settings cannot be imported.

The copy holds what another machine would have. Some projects ask their users to write a module
and to keep it out of git (``configuration.py``, as ``configuration_example.py`` shows): it comes
along once an import has failed for want of it, and with every run after that.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path

from nuages.effects import files
from nuages.local.process import copying, missing

SKIPPED = frozenset({"__pycache__", ".nuages"})


def asked_for(log: str, root: Path, copy: Path, bases: Iterable[str]) -> tuple[str, ...]:
    """The files below ``root`` that the end of a log misses and the copy lacks.

    ``bases`` are the folders, relative to the root, in which modules are looked for.
    """
    name = missing.module(log)
    wanted = [_path(base, name) for base in bases] if name else []
    opened = rf"No such file or directory: '{re.escape(str(copy))}/([^']+)'"
    wanted += re.findall(opened, log)[-1:]
    found = (path for place in dict.fromkeys(wanted) for path in _files(root, place))
    return tuple(path for path in found if copying.is_copied(path) and not (copy / path).exists())


def listed(record: Path) -> tuple[str, ...]:
    """The files that earlier runs turned out to need."""
    try:
        found = json.loads(record.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ()
    return tuple(map(str, found)) if isinstance(found, list) else ()


def bring(root: Path, copy: Path, record: Path, paths: Iterable[str]) -> None:
    """Copy files now, and have them copied by later runs."""
    fresh = tuple(paths)
    for path in fresh:
        files.copy(root / path, copy / path)
    files.write(record, json.dumps(sorted({*listed(record), *fresh})))


def _path(base: str, module: str) -> str:
    folders = [part for part in (base, *module.split(".")) if part != "."]
    return "/".join(folders)


def _files(root: Path, place: str) -> list[str]:
    """A module's file, all files of a package, or the very file."""
    if ".." in place.split("/"):
        return []
    package = root / place
    if package.is_dir():
        found = sorted(path for path in package.rglob("*") if path.is_file())
        inside = (path.relative_to(root) for path in found)
        return [str(path) for path in inside if not SKIPPED.intersection(path.parts)]
    return [path for path in (f"{place}.py", place) if (root / path).is_file()]
