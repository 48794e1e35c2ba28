"""CRC32C, which Secret Manager and Storage write beside their bytes (RFC 3720, appendix B.4)."""

from __future__ import annotations

import base64
from functools import cache


@cache
def _table() -> tuple[int, ...]:
    def entry(value: int) -> int:
        for _ in range(8):
            value = value >> 1 ^ (0x82F63B78 if value & 1 else 0)
        return value

    return tuple(entry(index) for index in range(256))


def crc32c(content: bytes) -> int:
    value, table = 0xFFFFFFFF, _table()
    for byte in content:
        value = table[(value ^ byte) & 0xFF] ^ (value >> 8)
    return value ^ 0xFFFFFFFF


def crc32c_text(content: bytes) -> str:
    """In Storage's form: big-endian, base64."""
    return base64.b64encode(crc32c(content).to_bytes(4, "big")).decode()
