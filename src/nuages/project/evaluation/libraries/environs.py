"""environs."""

# a method takes what its protocol says
# ruff: noqa: ARG002

from __future__ import annotations

import datetime
import json
import logging
import re
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlparse

from nuages.project.evaluation.compute import compute_call, lower
from nuages.project.evaluation.libraries import dotenv, urls
from nuages.project.evaluation.libraries.environment import find, known_name, noted
from nuages.project.evaluation.machine import LIBRARY, Call, Machine, library
from nuages.project.evaluation.signals import EnvError, EnvValidationError
from nuages.project.evaluation.values import NONE, Model, Native, NotPlain, Value, origins, unknown

TRUE = frozenset({"t", "true", "on", "y", "yes", "1"})
FALSE = frozenset({"f", "false", "off", "n", "no", "0"})


def boolean(text: Any) -> bool:
    """marshmallow's Boolean field."""
    if isinstance(text, bool):
        return text
    low = str(text).lower()
    if low not in TRUE | FALSE:
        raise EnvValidationError("Not a valid boolean.")
    return low in TRUE


def _subcast(cast: Any) -> Callable[[Any], Any]:
    if cast is None:
        return lambda item: item
    return boolean if cast is bool else cast


def listed(text: Any, subcast: Any = None, delimiter: str = ",", **_: Any) -> list[Any]:
    items = text if not isinstance(text, str) else (text.split(delimiter) if text else [])
    return [_subcast(subcast)(item) for item in items]


def mapped(
    text: Any,
    subcast_keys: Any = None,
    subcast_values: Any = None,
    delimiter: str = ",",
    key_value_delimiter: str = "=",
    **_: Any,
) -> dict[Any, Any]:
    if isinstance(text, dict):
        return text
    pairs = [item.split(key_value_delimiter, 1) for item in text.split(delimiter) if text]
    keys, values = _subcast(subcast_keys), _subcast(subcast_values)
    return {keys(key.strip()): values(value.strip()) for key, value in pairs}


def _level(text: Any, **_: Any) -> int:
    found = logging.getLevelName(str(text).upper())
    if not isinstance(found, int):
        raise EnvValidationError("Not a valid log level.")
    return found


def _seconds(text: Any, precision: str = "seconds", **_: Any) -> datetime.timedelta:
    if not re.fullmatch(r"-?\d+(\.\d+)?", str(text)):
        raise EnvValidationError("Not a valid period of time.")
    return datetime.timedelta(**{precision: float(text)})


PARSERS: dict[str, Callable[..., Any]] = {
    "str": lambda text, **_: str(text),
    "int": lambda text, **_: int(text),
    "float": lambda text, **_: float(text),
    "bool": lambda text, **_: boolean(text),
    "list": listed,
    "dict": mapped,
    "json": lambda text, **_: json.loads(text),
    "path": lambda text, **_: PurePosixPath(text),
    "url": lambda text, **_: urlparse(text),
    "log_level": _level,
    "timedelta": _seconds,
    "dj_db_url": urls.database,
    "dj_email_url": lambda text, **_: urls.email(text),
    "dj_cache_url": lambda text, **_: urls.cache(text),
}
CASTS = {"dj_db_url": "url:database", "dj_email_url": "url:email", "dj_cache_url": "url:cache"}
OTHERS = ("date", "datetime", "time", "decimal", "uuid", "enum")


class Env(Model):
    """An ``environs.Env``."""

    def __init__(self, prefix: str = "", expand: bool = False):
        self.prefix = prefix
        self.expand = expand
        self.custom: dict[str, Value] = {}

    def fresh(self) -> Env:
        """Return the singleton as an evaluation finds it at first."""
        return Env()

    def attribute(self, name: str) -> Value | None:
        if name in ("read_env", "prefixed", "seal", "add_parser", "parser_for"):
            return Value(Native(f"environs.Env.{name}", getattr(self, f"do_{name}")))
        if name in PARSERS or name in self.custom or name in OTHERS:
            return Value(Native(f"environs.Env.{name}", lambda call: self._get(call, name)))
        return None

    def invoke(self, call: Call) -> Value:
        return self._get(call, "")

    def _get(self, call: Call, kind: str) -> Value:
        machine = call.machine
        name = known_name(call.argument(0, "name", NONE))
        if name is None:
            return unknown("a variable whose name cannot be told", call.taint)
        name = f"{self.prefix}{name}"
        default = call.argument(1, "default")
        error = EnvError(f'Environment variable "{name}" not set')
        cast = CASTS.get(kind, kind if kind not in ("", "str") else None)
        noted(machine, name, default=default, cast=cast, error=None if default else error)
        found = find(machine, name)
        taint = frozenset({name})
        if found is None and default is None:
            return machine.missing(name, error)
        if found is None and not (kind.startswith("dj_") and default.data is not None):
            return default.tainted(taint)
        text: Value = (found or default).tainted(taint)
        if self.expand and isinstance(text.data, str) and "${" in text.data:
            return unknown("variables inside a variable", text.taint)
        return self._parsed(call, kind, text)

    def _parsed(self, call: Call, kind: str, text: Value) -> Value:
        if kind in self.custom:
            return call.machine.call(self.custom[kind], [text], _without(call.keywords))
        if kind == "":
            return text
        if kind in OTHERS:
            return unknown(f"env.{kind}", origins(text))
        keywords = _without(call.keywords)
        if kind == "list" and len(call.arguments) > 2:
            keywords["subcast"] = call.arguments[2]
        return compute_call(call.machine, PARSERS[kind], [text], keywords)

    def do_read_env(self, call: Call) -> Value:
        try:
            path = dotenv.path_argument(call, 0, "path")
        except NotPlain:
            call.machine.problem("reads a .env file whose place cannot be told")
            return NONE
        path = path or dotenv.walked(call.machine, dotenv.caller_folder(call))
        if path:
            override = call.keywords.get("override", NONE).data is True
            dotenv.load(call.machine, path, dotenv.dotenv_lines, override)
        return Value(bool(path))

    def do_prefixed(self, call: Call) -> Value:
        return Value(Prefixed(self, str(call.argument(0, "prefix", Value("")).data)))

    def do_seal(self, call: Call) -> Value:
        return NONE

    def do_add_parser(self, call: Call) -> Value:
        if len(call.arguments) > 1 and isinstance(call.arguments[0].data, str):
            self.custom[call.arguments[0].data] = call.arguments[1]
        return NONE

    def do_parser_for(self, call: Call) -> Value:
        name = str(call.argument(0, "name", NONE).data)

        def register(inner: Call) -> Value:
            self.custom[name] = inner.arguments[0]
            return inner.arguments[0]

        return Value(Native("environs.parser_for", register))


def _without(keywords: dict[str, Value]) -> dict[str, Value]:
    return {k: v for k, v in keywords.items() if k not in ("name", "default", "validate")}


class Prefixed(Model):
    """``with env.prefixed("X_"):``."""

    def __init__(self, env: Env, prefix: str):
        self.env = env
        self.prefix = prefix
        self.before = env.prefix

    def enter(self, machine: Machine) -> Value:
        self.before = self.env.prefix
        self.env.prefix = f"{self.before}{self.prefix}"
        return Value(self.env)

    def leave(self, machine: Machine) -> None:
        self.env.prefix = self.before


@library("environs.Env")
def env(call: Call) -> Value:
    try:
        expand = lower(call.machine, call.keywords.get("expand_vars", Value(False)))
        prefix = lower(call.machine, call.keywords.get("prefix", NONE))
    except NotPlain:
        expand, prefix = False, None
    return Value(Env(prefix or "", bool(expand)))


LIBRARY["environs.FileAwareEnv"] = LIBRARY["environs.Env"]
LIBRARY["environs.env"] = Value(Env())
