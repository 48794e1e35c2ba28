"""The kinds of values that several sections share, each with its JSON Schema for editors."""

from __future__ import annotations

import re
import shlex
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from nuages.config import quantities


class Section(BaseModel):
    """A mapping of nuages.yaml. A key that is absent or empty is None: resolve decides then."""

    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, allow_inf_nan=False, defer_build=True
    )


def matching(pattern: str, message: str) -> Any:
    """A check of the whole text, with a sentence of its own instead of the pattern."""

    def check(value: str) -> str:
        if not re.fullmatch(pattern, value):
            raise ValueError(message)
        return value

    return AfterValidator(check)


def text_schema(pattern: str | None, *examples: str | float, kinds: Any = "string") -> Any:
    schema: dict[str, Any] = {"type": kinds, "examples": list(examples)}
    return WithJsonSchema({**schema, "pattern": pattern} if pattern else schema)


def _command(written: object) -> tuple[str, ...]:
    """An argv, out of a line as a shell would split it or out of a list."""
    if isinstance(written, str):
        try:
            words: list[object] = [*shlex.split(written)]
        except ValueError as error:
            raise ValueError(f"is not a command: {str(error).lower()}") from None
    elif isinstance(written, list):
        words = written
    else:
        raise ValueError("should be a command line or a list of strings")  # noqa: TRY004 -- for pydantic
    if not all(isinstance(word, str) for word in words):
        raise ValueError("should be a list of strings; quote the numbers in it")
    if not words or not words[0]:
        raise ValueError("should name a program")
    return tuple(str(word) for word in words)


def once(values: tuple[str, ...]) -> tuple[str, ...]:
    twice = next((value for value in values if values.count(value) > 1), None)
    if twice is not None:
        raise ValueError(f"lists {twice!r} twice")
    return values


_NAME = r"[a-z](?:[a-z0-9-]{0,38}[a-z0-9])?"
_VARIABLE = r"[A-Za-z_][A-Za-z0-9_]{0,254}"
_HOST = r"(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]"
_MODULE = r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*"

Name = Annotated[
    str,
    matching(_NAME, "should be lower-case letters, digits and hyphens, at most 40"),
    text_schema(f"^{_NAME}$", "my-site"),
]
VariableName = Annotated[
    str,
    matching(
        _VARIABLE, "is no name of an environment variable: letters, digits and underscores only"
    ),
    text_schema(f"^{_VARIABLE}$", "DJANGO_SECRET_KEY"),
]
Host = Annotated[
    str,
    matching(_HOST, "should be a host name such as www.example.com, without https:// and port"),
    text_schema(f"^{_HOST}$", "www.example.com"),
]
Module = Annotated[
    str,
    matching(_MODULE, "should be a dotted Python module such as mysite.settings"),
    text_schema(f"^{_MODULE}$", "mysite.settings"),
]
UrlPath = Annotated[
    str,
    matching(r"/[A-Za-z0-9._~/-]{0,200}", "should be a URL path that begins with /"),
    text_schema("^/", "/health/"),
]
MountPath = Annotated[
    str,
    matching(r"/[A-Za-z0-9._/-]{1,200}", "should be an absolute path such as /app/media"),
    text_schema("^/.", "/app/media"),
]
Text = Annotated[str, Field(min_length=1, max_length=400)]
Version = Annotated[
    str,
    matching(r"\d{1,4}(?:\.\d{1,4}){0,3}", "should be a version such as 17 or 8.4"),
    text_schema(None, "17", 8.4, kinds=["string", "number"]),
]
Size = Annotated[
    int, BeforeValidator(quantities.size), text_schema(r"^[0-9.]+ *[KMGTkmgt]i?[Bb]?$", "2Gi")
]
Duration = Annotated[
    int,
    BeforeValidator(quantities.duration),
    text_schema(None, "30s", "5m", 300, kinds=["string", "integer"]),
]
Cpu = Annotated[
    float,
    BeforeValidator(quantities.cpu),
    text_schema(None, 1, 0.5, "500m", kinds=["number", "string"]),
]
Command = Annotated[
    tuple[str, ...],
    BeforeValidator(_command),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "examples": ["celery -A mysite worker"]},
                {"type": "array", "items": {"type": "string"}, "minItems": 1},
            ]
        }
    ),
]
Texts = Annotated[tuple[Text, ...], Field(strict=False), AfterValidator(once)]
Hosts = Annotated[tuple[Host, ...], Field(strict=False), AfterValidator(once)]
VariableNames = Annotated[tuple[VariableName, ...], Field(strict=False), AfterValidator(once)]
Count = Annotated[int, Field(ge=0, le=1000)]
Positive = Annotated[int, Field(ge=1, le=10_000)]
_Value = Annotated[
    str, Field(max_length=32_768), WithJsonSchema({"type": ["string", "number", "boolean"]})
]
EnvironmentValues = dict[VariableName, _Value]
Settings = dict[Annotated[str, Field(min_length=1, max_length=100)], _Value]
