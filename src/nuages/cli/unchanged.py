"""What was found clean is not read again until something changes.

`nuages check` of a clean project leaves a mark in the user's cache folder: under the command line
and its folder, the state of the project's files and of Nuages' own. Where the same is asked of the
same state, the answer is the same. Nothing is kept of a project that has findings: they quote its
lines. What `nuages deploy --dry-run` printed is kept in the same way. Imported before everything
else, so it imports little.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
from collections.abc import Iterator

SKIPPED = frozenset({".git", ".nuages", ".venv", "venv", "node_modules", "__pycache__"})
"""At most what ``Tree.open`` skips."""
ENVIRONMENT = ("_PROJECT", "DOCKER_HOST", "DOCKER_CONTEXT", "PATH", "NO_COLOR")
"""What the steps of a release depend on beside the files: the ends of names of variables."""
PROGRAMS = ("docker", "terraform", "tofu")
"""What those steps are done with: one that comes or goes is another answer."""
OWN = __file__.rpartition("/cli/")[0]


def answer(argv: list[str]) -> str | None:
    """What was said of exactly this before; None where it was not, or something has changed."""
    try:
        with open(_mark(argv), encoding="utf-8") as stream:
            kept = json.load(stream)
        holds = listens(kept["engine"]) and kept["state"] == state(kept["root"])
        return str(kept["said"]) if holds else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def listens(engine: str) -> bool:
    """Whether somebody listens at the address of an engine; empty: none is needed.

    False also where that cannot be told by a look alone (``ssh://``). By the module below
    ``socket``, whose import takes as long as everything else here.
    """
    import _socket

    kind, _, place = engine.partition("://")
    families = {"unix": _socket.AF_UNIX, "tcp": _socket.AF_INET}
    if kind not in families:
        return not engine
    host, _, port = place.rpartition(":")
    with contextlib.closing(_socket.socket(families[kind], _socket.SOCK_STREAM)) as client:
        client.settimeout(1)
        client.connect(place if kind == "unix" else (host, int(port)))
    return True


def keep(argv: list[str], root: str, before: str, said: str, engine: str = "") -> None:
    """Remember an answer, if nothing was changed since the state ``before`` it was looked for.

    It holds for as long as somebody listens at the address ``engine``; see ``listens``.
    """
    from pathlib import Path

    from nuages.effects.files import write_secret

    if before != state(root):
        return
    kept = {"root": _absolute(root), "state": before, "said": said, "engine": engine}
    try:
        write_secret(Path(_mark(argv)), json.dumps(kept))
    except OSError:
        return  # a home that cannot be written to only costs the time


def state(root: str) -> str:
    """One text for all names, sizes and times of change below a folder, and of Nuages itself."""
    found = hashlib.sha256(sys.version.encode())
    root = _absolute(root)
    for lines in (_files(OWN), _files(root), _indexes(root)):
        for line in sorted(lines):
            found.update(line.encode("utf-8", "surrogateescape"))
    return found.hexdigest()


def _indexes(folder: str) -> Iterator[str]:
    """What git tracks counts too, whatever the files are: see ``Tree``."""
    while folder:
        index = os.path.join(folder, ".git", "index")
        if os.path.isfile(index):
            yield f"{index}\0{_stamp(os.stat(index))}\n"
        folder = "" if folder == os.path.dirname(folder) else os.path.dirname(folder)


def _files(folder: str) -> Iterator[str]:
    folders = [folder]
    while folders:
        for entry in _entries(folders.pop()):
            if entry.is_dir(follow_symlinks=False):
                folders += [entry.path] if entry.name not in SKIPPED else []
            else:
                yield f"{entry.path}\0{_stamped(entry)}\n"


def _entries(folder: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except OSError:
        return []


def _stamped(entry: os.DirEntry[str]) -> str:
    try:
        return _stamp(entry.stat())
    except OSError:  # a link that leads nowhere
        return ""


def _stamp(about: os.stat_result) -> str:
    return f"{about.st_size} {about.st_mtime_ns} {about.st_ino}"


def _absolute(path: str) -> str:
    return os.path.abspath(path)


def _programs() -> Iterator[str]:
    """Where each program is, as `shutil.which` finds it."""
    folders = os.environ.get("PATH", "").split(os.pathsep)
    for name in PROGRAMS:
        places = (os.path.join(folder, name) for folder in folders)
        yield next((place for place in places if os.access(place, os.X_OK)), "")


def _mark(argv: list[str]) -> str:
    named = sorted(item for item in os.environ.items() if item[0].endswith(ENVIRONMENT))
    seen = [named, list(_programs()), sys.stdout.isatty()] if argv[0] == "deploy" else None
    asked = [os.getcwd(), argv, seen]
    key = hashlib.sha256(json.dumps(asked).encode()).hexdigest()
    home = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return f"{home}/nuages/{argv[0]}/{key}.json"
