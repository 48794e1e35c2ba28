"""What an image is built from, as one file that can be sent somewhere else."""

from __future__ import annotations

import contextlib
import gzip
import json
import tarfile
from collections.abc import Iterator
from pathlib import Path

from nuages.effects import files
from nuages.effects.generated import LOCK
from nuages.project.build_context import context
from nuages.project.tree import Tree

NAME = "context.tar.gz"
_FASTEST_THAT_PAYS = 6
_OVERLAY = "overlay"


@contextlib.contextmanager
def packed(root: Path, dockerfile: str) -> Iterator[Path]:
    """The archive, for as long as it is sent."""
    path = files.private_folder(root) / NAME
    try:
        write(path, root, members(root, dockerfile))
        yield path
    finally:
        files.remove(path)


def members(root: Path, dockerfile: str) -> tuple[str, ...]:
    """What is packed: the files of the project, and the generated ones that the image needs.

    What git ignores is not among them, nor what .dockerignore leaves out, nor a secret's file.
    """
    beside = f"{dockerfile}.dockerignore"
    ignore = beside if (root / beside).is_file() else ".dockerignore"
    text = (root / ignore).read_text("utf-8") if (root / ignore).is_file() else ""
    every = (*Tree.open(root).files, *_generated(root), *_private(root))
    needed = [name for name in (dockerfile, ignore) if (root / name).is_file()]
    return context((*every, *needed), text, needed)


def write(path: Path, root: Path, names: tuple[str, ...]) -> None:
    """Pack them, nobody's and with no time of packing: the same files make the same archive."""
    files.write_secret(path, "")
    with (
        path.open("wb") as stream,
        gzip.GzipFile("", "wb", _FASTEST_THAT_PAYS, stream, mtime=0) as squeezed,
        tarfile.open(fileobj=squeezed, mode="w") as archive,
    ):
        for name in names:
            archive.add(root / name, name, recursive=False, filter=_nobodys)


def _nobodys(info: tarfile.TarInfo) -> tarfile.TarInfo:
    info.uid = info.gid = 0
    info.uname = info.gname = ""
    info.mtime = int(info.mtime)
    return info


def _generated(root: Path) -> Iterator[str]:
    """What `nuages render` wrote; a tree does not tell of it."""
    try:
        known = json.loads((root / LOCK).read_text("utf-8"))["generated"]
    except (OSError, ValueError, KeyError, TypeError):
        return
    yield from (name for name in known if (root / name).is_file())


def _private(root: Path) -> Iterator[str]:
    """What is generated in private; .dockerignore names what of it the image needs."""
    home = root / files.PRIVATE
    for path in (*home.glob("*"), *(home / _OVERLAY).rglob("*")):
        if path.is_file():
            yield path.relative_to(root).as_posix()
