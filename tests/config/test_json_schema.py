"""The JSON Schema for editors."""

import json
from collections.abc import Iterator
from typing import Any

from nuages.config.schema import Manifest, json_schema

SCHEMA = json_schema()


def _properties(schema: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(schema, dict):
        for name, inner in schema.get("properties", {}).items():
            yield f"{path}/{name}", inner
        for key, inner in schema.items():
            yield from _properties(inner, f"{path}/{key}")


def test_it_is_json() -> None:
    assert json.loads(json.dumps(SCHEMA)) == SCHEMA


def test_every_key_has_a_description() -> None:
    found = dict(_properties(SCHEMA))
    assert len(found) > 80
    assert [path for path, inner in found.items() if not inner.get("description")] == []


def test_it_has_the_keys_of_the_schema_and_refuses_others() -> None:
    assert set(SCHEMA["properties"]) == set(Manifest.model_fields)
    assert SCHEMA["additionalProperties"] is False
    assert all(part["additionalProperties"] is False for part in SCHEMA["$defs"].values())


def test_every_key_may_be_empty_except_where_it_is_needed() -> None:
    needed = {"cron", "command", "rule", "amount", "account", "repository"}
    for path, inner in _properties(SCHEMA):
        if path.rpartition("/")[2] not in needed:
            assert {"type": "null"} in inner["anyOf"], path


def test_short_forms_are_admitted() -> None:
    keys = SCHEMA["properties"]
    assert {"type": "array", "items": {"type": "string"}} in keys["secrets"]["anyOf"]
    assert {"const": False} in keys["secrets_rotation"]["anyOf"]
    assert keys["server"]["anyOf"][0]["enum"][0] == "auto"


def test_overlays_have_the_same_keys() -> None:
    assert SCHEMA["properties"]["environments"]["anyOf"][0] == {
        "type": "object",
        "additionalProperties": {"$ref": "#"},
    }


def test_references_lead_somewhere() -> None:
    text = json.dumps(SCHEMA)
    names = {part.partition('"')[0] for part in text.split('"#/$defs/')[1:]}
    assert names <= set(SCHEMA["$defs"])
