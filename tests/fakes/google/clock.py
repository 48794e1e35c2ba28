"""Moments and identifiers as the APIs write them."""

from __future__ import annotations

import hashlib
import itertools
import secrets
import string
from datetime import UTC, datetime

LETTERS = string.ascii_lowercase + string.digits
_counter = itertools.count(1)


def now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def suffix(length: int = 3) -> str:
    """As at the end of generated names: "x7f"."""
    return "".join(secrets.choice(LETTERS) for _ in range(length))


def etag() -> str:
    """Another one each time."""
    return hashlib.sha256(f"{next(_counter)}".encode()).hexdigest()[:20]
