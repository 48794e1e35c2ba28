"""Files on their way into a container. Pure."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class File:
    """What is put into a container before it starts."""

    content: bytes
    mode: int = 0o444
    owner: int = 0


def archive(files: Mapping[str, File]) -> bytes:
    """A tar of files by their absolute path."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for path, file in files.items():
            entry = tarfile.TarInfo(path.lstrip("/"))
            entry.size, entry.mode = len(file.content), file.mode
            entry.uid = entry.gid = file.owner
            archive.addfile(entry, io.BytesIO(file.content))
    return buffer.getvalue()
