"""The JSON Schema of nuages.yaml, for editors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nuages.config.schema.manifest import Manifest

_SHORT: Mapping[str, Mapping[str, Any]] = {
    "server": {"enum": ["auto", "gunicorn", "uvicorn", "uwsgi", "granian"]},
    "secrets": {"type": "array", "items": {"type": "string"}},
    "secrets_rotation": {"const": False},
    "uptime_check": {"type": "boolean"},
    "waf": {"type": "boolean"},
}
"""Short forms that the loader takes besides a mapping."""


def json_schema() -> dict[str, Any]:
    """Return the schema as JSON Schema 2020-12, with each key's description.

    https://json-schema.org/draft/2020-12
    """
    schema = _plain(Manifest.model_json_schema())
    for section in (schema, *schema["$defs"].values()):
        for name, short in _SHORT.items():
            if name in section.get("properties", {}):
                section["properties"][name]["anyOf"].insert(0, dict(short))
    properties = schema["properties"]
    for service in properties["services"]["anyOf"][0]["patternProperties"].values():
        service["anyOf"] = [*service["anyOf"][:1], {"const": False}]
    overlays = {"type": "object", "additionalProperties": {"$ref": "#"}}
    properties["environments"]["anyOf"] = [overlays, {"type": "null"}]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "nuages.yaml",
        **schema,
        "patternProperties": {"^x-": {"description": "Yours: a place for anchors."}},
    }


def _plain(schema: Any) -> Any:
    """Without the titles and null defaults that pydantic adds to every key."""
    if isinstance(schema, list):
        return [_plain(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    dropped = {"title"} if isinstance(schema.get("title"), str) else set()
    if schema.get("default", "") is None:
        dropped.add("default")
    return {key: _plain(value) for key, value in schema.items() if key not in dropped}
