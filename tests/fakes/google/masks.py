"""Field masks: which part of a body an update means (google.aip.dev/134)."""

from __future__ import annotations

import re
from typing import Any

from fakes.google.discovery import Api
from fakes.google.errors import invalid

Json = dict[str, Any]


def updated(document: Api, schema: str, current: Json, body: Json, mask: str | None) -> Json:
    """`current` with what the mask names taken from `body`; without a mask, all that may be set.

    Raises:
        GoogleError: the mask names a field that the schema has not.
    """
    properties = document.schemas[schema]["properties"]
    if not mask or mask == "*":
        kept = {n: v for n, v in current.items() if properties.get(n, {}).get("readOnly")}
        return {**kept, **body}
    fresh = dict(current)
    for path in mask.split(","):
        _take(document, schema, fresh, body, [_camel(part) for part in path.split(".")], path)
    return fresh


def _camel(name: str) -> str:
    return re.sub(r"_(\w)", lambda match: match[1].upper(), name)


def _take(
    document: Api, schema: str | None, fresh: Json, body: Json, parts: list[str], path: str
) -> None:
    head, *rest = parts
    properties = document.schemas[schema].get("properties") if schema else None
    if properties is not None and head not in properties:
        raise invalid(f"Invalid field mask path: {path}", "update_mask")
    if not rest:
        fresh.pop(head, None)
        if head in body:
            fresh[head] = body[head]
        return
    inner = (properties or {}).get(head, {}).get("$ref")
    if inner is None and (properties or {}).get(head, {}).get("type") != "object":
        raise invalid(f"Invalid field mask path: {path}", "update_mask")
    fresh[head] = dict(fresh.get(head, {}))
    _take(document, inner, fresh[head], body.get(head, {}), rest, path)
