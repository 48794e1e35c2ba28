"""What git tracks, out of its index, without running git.

Format: https://git-scm.com/docs/index-format
"""

from __future__ import annotations

import struct

_HEADER = struct.Struct(">4sLL")
_FLAGS = struct.Struct(">H")
_STAT, _SHA1 = 40, 20  # bytes
_EXTENDED = 0x4000


def tracked(index: bytes) -> list[str]:
    """The paths in an index, from the folder that holds ``.git``; none where it cannot be read."""
    try:
        mark, version, count = _HEADER.unpack_from(index)
        if mark != b"DIRC" or version not in {2, 3, 4}:
            return []
        return _names(index, version, count)
    except (struct.error, ValueError, IndexError):
        return []


def _names(index: bytes, version: int, count: int) -> list[str]:
    found: list[str] = []
    name, start = b"", _HEADER.size
    for _ in range(count):
        at = start + _STAT + _SHA1
        (flags,) = _FLAGS.unpack_from(index, at)
        at += 4 if flags & _EXTENDED else 2
        if version == 4:  # only what differs from the name before
            dropped, at = _offset(index, at)
            end = index.index(b"\0", at)
            name = name[: len(name) - dropped] + index[at:end]
            start = end + 1
        else:
            end = index.index(b"\0", at)
            name = index[at:end]
            start += (end - start + 8) // 8 * 8
        found.append(name.decode("utf-8", "surrogateescape"))
    return found


def _offset(index: bytes, at: int) -> tuple[int, int]:
    """A number of variable length, as packs have it, and where it ends."""
    value = index[at] & 127
    while index[at] & 128:
        at += 1
        value = ((value + 1) << 7) | (index[at] & 127)
    return value, at + 1
