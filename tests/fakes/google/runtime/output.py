"""What a container writes, as the engine's API frames it. Pure."""

from __future__ import annotations

import struct
from collections.abc import Iterator

_HEADER = struct.Struct(">BxxxL")


def frames(chunks: Iterator[bytes]) -> Iterator[tuple[str, bytes]]:
    """The engine's own framing of the two streams."""
    held = b""
    for chunk in chunks:
        held += chunk
        while len(held) >= 8:
            stream, size = _HEADER.unpack(held[:8])
            if len(held) < 8 + size:
                break
            yield ("stderr" if stream == 2 else "stdout"), held[8 : 8 + size]
            held = held[8 + size :]


def lines(frames: Iterator[tuple[str, bytes]]) -> Iterator[tuple[str, str, str]]:
    for stream, payload in frames:
        time, _, text = payload.decode(errors="replace").rstrip("\n").partition(" ")
        yield stream, time, text
