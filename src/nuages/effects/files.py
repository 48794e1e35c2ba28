"""The only place where files are written, each wholly or not at all."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

PRIVATE = ".nuages"
SECRET_MODE = 0o600


def write(path: Path, text: str | bytes, mode: int = 0o644) -> None:
    """Put a file in place by one rename; a failure leaves what stood there before."""
    import tempfile

    path.parent.mkdir(parents=True, exist_ok=True)
    data = text.encode() if isinstance(text, str) else text
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).chmod(mode)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def write_secret(path: Path, text: str) -> None:
    """Write a file that only its owner reads."""
    write(path, text, SECRET_MODE)


def private_folder(root: Path) -> Path:
    """The folder ``.nuages``, which git ignores by a file inside it."""
    folder = root / PRIVATE
    folder.mkdir(exist_ok=True)
    ignore = folder / ".gitignore"
    if not ignore.exists():
        write(ignore, "# Everything in here is made again by `nuages up`.\n*\n")
    return folder


def folder(path: Path, mode: int = 0o755) -> Path:
    """Make a folder and those above it."""
    path.mkdir(parents=True, exist_ok=True, mode=mode)
    return path


def remove(path: Path) -> None:
    """Remove a file or a folder; nothing happens when it is not there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def exists(path: Path) -> bool:
    """Whether anything goes by that name, be it a link that leads nowhere."""
    return os.path.lexists(path)


@contextlib.contextmanager
def appearing(path: Path) -> Iterator[Path]:
    """A folder to fill that takes its place, new or empty until then, wholly or not at all.

    It is filled beside its place, on the same disk, and put there by renaming.
    """
    import tempfile

    present = path.is_dir()
    above = path if present else next(p for p in path.absolute().parents if p.exists())
    temporary = Path(tempfile.mkdtemp(dir=above, prefix=".new-"))
    try:
        inside = temporary / "new" if present else temporary / path.absolute().relative_to(above)
        inside.mkdir(parents=True)
        yield inside
        place(inside if present else temporary, above)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def place(folder: Path, target: Path) -> None:
    """Move all that a folder holds into another on the same disk; undo what cannot be ended."""
    moved: list[Path] = []
    try:
        for entry in sorted(folder.iterdir()):
            moved.append(target / entry.name)
            entry.rename(moved[-1])
    except BaseException:
        for entry in moved:
            remove(entry)
        raise


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a lock that other processes respect; wait for whoever holds it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield


def copy(source: Path, target: Path) -> None:
    """Copy a file's content and permissions, to a new file that its owner can write."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.is_dir() and not target.is_symlink():
        shutil.rmtree(target)
    target.unlink(missing_ok=True)
    shutil.copyfile(source, target)
    target.chmod(source.stat().st_mode & 0o777 | 0o600)
