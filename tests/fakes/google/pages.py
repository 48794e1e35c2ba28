"""Lists in pages (google.aip.dev/158)."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any

from fakes.google.errors import invalid

Json = dict[str, Any]


def page(
    key: str, items: Sequence[Json], query: Json, size: str = "pageSize", limit: int = 100
) -> Json:
    """One page of `items` under `key`, with the token of the next; empty lists are left out."""
    start = _start(query.get("pageToken", ""))
    length = min(int(query.get(size) or limit), limit)
    found = list(items[start : start + length])
    answer: Json = {key: found} if found else {}
    if start + length < len(items):
        token = base64.urlsafe_b64encode(str(start + length).encode()).decode()
        answer["nextPageToken"] = token
    return answer


def _start(token: str) -> int:
    try:
        return int(base64.urlsafe_b64decode(token) or 0)
    except ValueError as error:
        raise invalid("Invalid page token.", "page_token") from error
