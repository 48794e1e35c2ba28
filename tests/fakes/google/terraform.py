"""Between Terraform's attributes and an API's JSON: snake_case and blocks as lists of one.

The API's schema steers both ways. Attributes that no field has stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from fakes.google.discovery import Api, api

Json = dict[str, Any]
# Zero says something in these, and is not the same as nothing.
PRESENT = {"maxRetries"}
EMPTY_BLOCKS = {"automatic", "emptyDir"}


@dataclass(frozen=True)
class Kind:
    """Something that both Terraform and an API make.

    `id` is Terraform's, and names the file in fakecloud's store; `name` the API's. Both take
    Terraform's attributes in braces.
    """

    type: str
    api: str
    schema: str
    name: str
    id: str = ""
    renames: Mapping[str, str] = field(default_factory=dict, hash=False)
    read: Callable[[Json, Json], None] = lambda attributes, body: None
    written: Callable[[Json, Json, Json], None] = lambda body, before, attributes: None

    named: Callable[[Json], str] | None = None

    def parts(self, name: str) -> dict[str, str]:
        """The attributes that a full name holds; {} when it is no name of this kind."""
        pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(self.name))
        found = re.fullmatch(pattern, name)
        return found.groupdict() if found else {}

    def ident(self, name: str, project: str) -> str:
        """Terraform's id of it."""
        return (self.id or self.name).format(**{"project": project, **self.parts(name)})

    def file_name(self, name: str, project: str) -> str:
        """Where Terraform has it."""
        return file_name(self.ident(name, project))

    def full_name(self, attributes: Json) -> str:
        return self.named(attributes) if self.named else self.name.format_map(attributes)


def file_name(ident: str) -> str:
    """Of the object that has this id in Terraform, as fakecloud computes it (Cloud.file)."""
    return re.sub(r"[^\w.-]", "~", ident)[:150] + ".json"


def snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def body_of(kind: Kind, attributes: Json) -> Json:
    """What a provider would have sent: no output-only field, and nothing that fakecloud made up."""
    body = _Reading(kind).message(api(kind.api).schemas[kind.schema], attributes)
    kind.read(attributes, body)
    return body


def overlaid(kind: Kind, body: Json, attributes: Json) -> Json:
    """The attributes with all that the API says of them."""
    document = api(kind.api)
    found = _writing(document, document.schemas[kind.schema], body, attributes, kind.renames)
    kind.written(body, attributes, found)
    return found


class _Reading:
    def __init__(self, kind: Kind) -> None:
        self.kind, self.schemas = kind, api(kind.api).schemas

    def message(self, message: Json, block: Json) -> Json:
        found = {}
        for name, schema in message.get("properties", {}).items():
            attribute = self.kind.renames.get(name) or snake(name)
            value = block.get(attribute)
            if value is None or schema.get("readOnly"):
                continue
            value = self.value(name, attribute, schema, value)
            if value is not None:
                found[name] = value
        return found

    def value(self, name: str, attribute: str, schema: Json, value: Any) -> Any:
        message = _message(self.schemas, schema)
        if message is not None:
            block = value[0] if isinstance(value, list) and value else value
            if not isinstance(block, dict):
                return None
            return self.message(message, block) or ({} if name in EMPTY_BLOCKS else None)
        if schema["type"] == "array":
            return self.array(name, attribute, schema["items"], value) or None
        if schema["type"] == "object":
            if not isinstance(value, dict):  # a map that Terraform writes as blocks
                return None
            return {k: v for k, v in value.items() if v is not None} or None
        return self.scalar(name, attribute, schema, value)

    def array(self, name: str, attribute: str, items: Json, value: Any) -> list[Any]:
        if not isinstance(value, list):
            return []
        found = [self.value(name, attribute, items, item) for item in value if item is not None]
        return [item for item in found if item not in (None, {})]

    def scalar(self, name: str, attribute: str, schema: Json, value: Any) -> Any:
        if value in ("", 0, False) and name not in PRESENT:
            return None
        if isinstance(value, str) and self.made_up(attribute, schema, value):
            return None
        if attribute == "port" and value == 5432:  # what fakecloud puts where nothing was written
            return None
        if schema["type"] == "string":
            return str(value)
        return int(value) if schema["type"] == "integer" else value

    def made_up(self, attribute: str, schema: Json, value: str) -> bool:
        """fakecloud fills what it does not know with "launch-stage-8ff06f94"."""
        if value == "2030-01-01T00:00:00Z":
            return True
        heads = (attribute, self.kind.type.removeprefix("google_"))
        words = "|".join(head.replace("_", "-") for head in heads)
        if "enum" in schema and value not in schema["enum"]:
            return True
        return re.fullmatch(rf"({words})-[0-9a-f]{{8}}", value) is not None


def _message(schemas: Json, schema: Json) -> Json | None:
    """What a field holds, if that is a message with fields of its own."""
    held = schemas[schema["$ref"]] if "$ref" in schema else schema
    return held if "properties" in held else None


def _writing(
    document: Api, message: Json, body: Json, attributes: Json, renames: Mapping[str, str]
) -> Json:
    found = dict(attributes)
    for name, schema in message.get("properties", {}).items():
        attribute = renames.get(name) or snake(name)
        old = attributes.get(attribute)
        if name in body and schema.get("readOnly"):
            found[attribute] = _observed(body[name], old)
        elif name in body:
            found[attribute] = _written(document, schema, body[name], old, renames)
        elif attribute in found and found[attribute] not in (False, 0, "", {}):
            found[attribute] = [] if isinstance(found[attribute], list) else None
    return found


def _observed(value: Any, old: Any) -> Any:
    """What only the API writes: objects with exactly the attributes that Terraform knows."""
    values = [value] if isinstance(value, dict) else value
    if not isinstance(values, list) or not any(isinstance(each, dict) for each in values):
        return value
    if not isinstance(old, list) or not old or not isinstance(old[0], dict):
        return old
    shown = [{snake(name): item for name, item in each.items()} for each in values]
    return [{name: each.get(name) for name in old[0]} for each in shown]


def _written(document: Api, schema: Json, value: Any, old: Any, renames: Mapping[str, str]) -> Any:
    message = _message(document.schemas, schema)
    if message is not None and isinstance(value, dict):
        known = old[0] if isinstance(old, list) and old and isinstance(old[0], dict) else {}
        return [_writing(document, message, value, known, renames)]
    inner = _message(document.schemas, schema["items"]) if schema.get("type") == "array" else None
    if inner is not None:
        before = old if isinstance(old, list) and len(old) == len(value) else [{}] * len(value)
        return [
            _writing(document, inner, item, known if isinstance(known, dict) else {}, renames)
            for item, known in zip(value, before, strict=True)
        ]
    return value
