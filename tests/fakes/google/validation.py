"""Requests held against the schemas: what Google's JSON parser refuses, in its words.

The words are those of protobuf's JSON-to-proto converter, which fronts Google's APIs:
github.com/protocolbuffers/protobuf/blob/v3.21.12/src/google/protobuf/util/internal/
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from fakes.google.discovery import Api, Method
from fakes.google.enums import named
from fakes.google.errors import GoogleError, invalid

DURATION = re.compile(r"-?\d+(\.\d{1,9})?s")
TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)")
DATE = re.compile(r"\d{4}-\d\d-\d\d")
FIELD_MASK = re.compile(r"(\*|[A-Za-z][\w.*\-\"`]*)(,[A-Za-z*][\w.*\-\"`]*)*")
BASE64 = re.compile(r"[A-Za-z0-9+/_-]*={0,2}")
UNBOUND = (
    'Invalid JSON payload received. Unknown name "{name}": Cannot bind query parameter. '
    "Field '{name}' could not be found in request message."
)
INTEGER = re.compile(r"-?\d+")


def checked_body(method: Method, body: Any) -> dict[str, Any]:
    """The body without what only the server may write.

    Raises:
        GoogleError: a field is unknown, or its value is not of its type, enum or format.
    """
    if method.request is None:
        if body not in (None, {}, ""):
            raise invalid(_unknown(next(iter(body)), "") if isinstance(body, dict) else "body", "")
        return {}
    if body is None:
        body = {}
    if not isinstance(body, dict):
        raise invalid(
            'Invalid JSON payload received. Unknown name "": Root element must be a message.', ""
        )
    schema = method.api.schemas[method.request]
    return _Checker(method.api).message(schema, body, _root(method))


def checked_query(
    method: Method, query: dict[str, list[str]], ignored: frozenset[str] = frozenset()
) -> dict[str, Any]:
    """Query parameters as values (bool, int, list, …).

    Raises:
        GoogleError: one is unknown, missing or malformed.
    """
    known = {n: p for n, p in method.parameters.items() if p["location"] == "query"}
    values: dict[str, Any] = {}
    for name, given in query.items():
        if name in ignored:
            continue
        schema = known.get(name) or method.api.parameters.get(name)
        if name == "$alt" and given[-1].startswith("json"):  # clients generated from protobuf
            continue
        if schema is None:
            raise invalid(UNBOUND.replace("{name}", name), "")
        converted = [_parameter(method.api, name, schema, value) for value in given]
        values[name] = converted if schema.get("repeated") else converted[-1]
    for name, schema in known.items():
        if schema.get("required") and name not in values:
            raise invalid(f"Required parameter: {name}")
    return values


def _parameter(api: Api, name: str, schema: dict[str, Any], text: str) -> Any:
    value: Any = text
    if schema["type"] == "boolean":
        if text.lower() not in ("true", "false"):
            raise _refused(name, "TYPE_BOOL", value)
        return text.lower() == "true"
    if schema["type"] in ("integer", "number"):
        if not re.fullmatch(r"-?\d+(\.\d+)?", text):
            raise _refused(name, "TYPE_INT32", value)
        value = float(text) if schema["type"] == "number" else int(text)
    return _Checker(api).value(schema, value, name)


def _root(method: Method) -> str:
    """Where Google says that a field stands: in "service" for a Service, in "" for a request."""
    name = re.sub(r"^(Google[A-Z]\w*?V\d(alpha\d|beta\d)?)", "", method.request or "")
    if name.endswith("Request"):
        return ""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def _unknown(name: str, place: str) -> str:
    at = f" at '{place}'" if place else ""
    return f'Invalid JSON payload received. Unknown name "{name}"{at}: Cannot find field.'


def _refused(place: str, kind: str, value: Any) -> GoogleError:
    shown = json.dumps(value)
    return invalid(f"Invalid value at '{place}' ({kind}), {shown}", place)


def _misplaced(place: str, why: str) -> GoogleError:
    head, _, name = place.rpartition(".")
    at = f" at '{head}'" if head else ""
    return invalid(f'Invalid JSON payload received. Unknown name "{name}"{at}: {why}', head)


class _Checker:
    """Walks a value along a schema."""

    def __init__(self, api: Api, answering: bool = False) -> None:
        self.api, self.answering = api, answering

    def message(self, schema: dict[str, Any], value: dict[str, Any], place: str) -> dict[str, Any]:
        if "properties" not in schema:
            return self.map(schema, value, place)
        kept = {}
        for name, given in value.items():
            inner = schema["properties"].get(name)
            if inner is None:
                raise invalid(_unknown(name, place), place)
            checked = self.value(inner, given, f"{place}.{name}" if place else name)
            if checked is not None and (self.answering or not inner.get("readOnly")):
                kept[name] = checked
        return kept

    def map(self, schema: dict[str, Any], value: dict[str, Any], place: str) -> dict[str, Any]:
        inner = schema.get("additionalProperties", {"type": "any"})
        return {key: self.value(inner, item, f"{place}[{key}]") for key, item in value.items()}

    def value(self, schema: dict[str, Any], value: Any, place: str) -> Any:
        if value is None or schema.get("type") == "any":
            return value
        if "$ref" in schema or schema["type"] == "object":
            return self.object(schema, value, place)
        if schema["type"] == "array":
            return self.array(schema, value, place)
        if isinstance(value, list):
            raise _misplaced(place, "Proto field is not repeating, cannot start list.")
        if isinstance(value, dict):
            raise _misplaced(place, "Proto field is not a message, cannot start object.")
        return SCALARS[schema["type"]](schema, value, place)

    def object(self, schema: dict[str, Any], value: Any, place: str) -> Any:
        if isinstance(value, list):
            raise _misplaced(place, "Proto field is not repeating, cannot start list.")
        if not isinstance(value, dict):
            raise _refused(place, schema.get("$ref", "Map"), value)
        return self.message(
            self.api.schemas[schema["$ref"]] if "$ref" in schema else schema, value, place
        )

    def array(self, schema: dict[str, Any], value: Any, place: str) -> list[Any]:
        if not isinstance(value, list):
            # Google's parser takes a lone value for a list of one; a client never means it.
            raise _misplaced(place, "Proto field is repeating, a list is expected.")
        return [self.value(schema["items"], v, f"{place}[{i}]") for i, v in enumerate(value)]


def _string(schema: dict[str, Any], value: Any, place: str) -> Any:
    kind = schema.get("format")
    if kind in ("int64", "uint64"):
        if isinstance(value, bool) or not INTEGER.fullmatch(str(value)):
            raise _refused(place, f"TYPE_{kind.upper()}", value)
        return str(value)
    if "enum" in schema and isinstance(value, int) and not isinstance(value, bool):
        value = named(schema["enum"], value) or value
    if not isinstance(value, str):
        raise _refused(place, "TYPE_STRING", value)
    if "enum" in schema and value not in schema["enum"]:
        raise _refused(place, "TYPE_ENUM", value)
    pattern, said = FORMATS.get(kind or "", (None, ""))
    if pattern is not None and not pattern.fullmatch(value):
        raise invalid(f"Invalid value at '{place}' {said}".replace("{value}", value), place)
    return value


FORMATS: dict[str, tuple[re.Pattern[str], str]] = {
    "google-duration": (
        DURATION,
        "(type.googleapis.com/google.protobuf.Duration), Illegal duration format; "
        "duration must end with 's'",
    ),
    "google-datetime": (
        TIMESTAMP,
        '(type.googleapis.com/google.protobuf.Timestamp), Invalid time format: "{value}"',
    ),
    "date-time": (TIMESTAMP, '(Timestamp), Invalid time format: "{value}"'),
    "date": (DATE, '(Date), "{value}"'),
    "google-fieldmask": (
        FIELD_MASK,
        '(type.googleapis.com/google.protobuf.FieldMask), "{value}"',
    ),
    "byte": (BASE64, '(TYPE_BYTES), Base64 decoding failed for "{value}"'),
}


def _integer(schema: dict[str, Any], value: Any, place: str) -> int:
    low, high = (0, 2**32 - 1) if schema.get("format") == "uint32" else (-(2**31), 2**31 - 1)
    if (
        isinstance(value, bool)
        or not INTEGER.fullmatch(str(value))
        or not low <= int(value) <= high
    ):
        raise _refused(place, f"TYPE_{schema.get('format', 'int32').upper()}", value)
    return int(value)


def _number(schema: dict[str, Any], value: Any, place: str) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise _refused(place, f"TYPE_{schema.get('format', 'double').upper()}", value)
    return value


def _boolean(_: dict[str, Any], value: Any, place: str) -> bool:
    if not isinstance(value, bool):
        raise _refused(place, "TYPE_BOOL", value)
    return value


SCALARS: dict[str, Callable[[dict[str, Any], Any, str], Any]] = {
    "string": _string,
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
}


def checked_answer(method: Method, body: dict[str, Any]) -> dict[str, Any]:
    """What the fake itself is about to answer, held against the schema of the response.

    Raises:
        GoogleError: 500; the fake is wrong.
    """
    if method.response is None:
        return body
    try:
        schema = method.api.schemas[method.response]
        _Checker(method.api, answering=True).message(schema, body, "")
    except GoogleError as error:
        raise GoogleError(500, f"The fake answers {method.id} wrongly: {error}") from error
    return body
