"""django-environ."""

# a dispatch returns early
# ruff: noqa: PLR0911

from __future__ import annotations

import json
import posixpath
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlparse

from nuages.project.evaluation.compute import compute, lower, pure
from nuages.project.evaluation.libraries import dotenv, environ_urls
from nuages.project.evaluation.libraries.environment import ENVIRON, find, known_name, noted
from nuages.project.evaluation.machine import LIBRARY, Call, Machine, library
from nuages.project.evaluation.signals import ImproperlyConfigured, Raised
from nuages.project.evaluation.values import (
    NONE,
    Model,
    Native,
    NotPlain,
    Symbol,
    Value,
    lift,
    origins,
    unknown,
)

NOTSET = Value(Symbol("environ.Env.NOTSET"))
TRUE = ("true", "on", "ok", "y", "yes", "1")


def parse(text: Any, cast: Any) -> Any:
    """``Env.parse_value``."""
    if cast is None:
        return text
    if cast is bool:
        try:
            return int(text) != 0
        except ValueError:
            return text.lower().strip() in TRUE
    if isinstance(cast, list):
        return [cast[0](item) for item in text.split(",") if item]
    if isinstance(cast, tuple):
        return tuple(cast[0](item) for item in text.strip("(").strip(")").split(",") if item)
    if isinstance(cast, dict):
        return _typed_dict(text, cast)
    return _simple(text, cast)


def _simple(text: Any, cast: Any) -> Any:
    if cast is dict:
        return dict(item.split("=", 1) for item in text.split(",") if item)
    if cast is list:
        return [item for item in text.split(",") if item]
    if cast is tuple:
        return tuple(item for item in text.strip("(").strip(")").split(",") if item)
    if cast is float:
        parts = re.split(r"[,.]", re.sub(r"[^\d,.-]", "", text))
        return float(parts[0] if len(parts) == 1 else f"{''.join(parts[:-1])}.{parts[-1]}")
    return cast(text)


def _typed_dict(text: str, cast: dict[str, Any]) -> dict[Any, Any]:
    key_cast, value_cast = cast.get("key", str), cast.get("value", str)
    by_key = cast.get("cast", {})
    pairs = [item.split("=") for item in text.split(";") if item]
    return {key_cast(key): parse(value, by_key.get(key, value_cast)) for key, value in pairs}


CASTS: dict[str, Any] = {"str": str, "bool": bool, "int": int, "float": float, "json": json.loads,
                         "list": list, "tuple": tuple, "dict": dict, "url": urlparse}  # fmt: skip
SERVICES: dict[str, tuple[str, str, Any]] = {
    "db": ("DATABASE_URL", "database", environ_urls.database),
    "cache": ("CACHE_URL", "cache", environ_urls.cache),
    "email": ("EMAIL_URL", "email", environ_urls.email),
    "channels": ("CHANNELS_URL", "channels", environ_urls.channels),
    "search": ("SEARCH_URL", "search", None),
}


@dataclass(eq=False)
class Env(Model):
    """An ``environ.Env``."""

    scheme: dict[str, Value] = field(default_factory=dict)
    by_file: bool = False
    attributes: dict[str, Value] = field(default_factory=dict)

    def attribute(self, name: str) -> Value | None:
        if name in self.attributes:
            return self.attributes[name]
        if name == "NOTSET":
            return NOTSET
        if name == "ENVIRON":
            return ENVIRON
        if name in ("prefix", "smart_cast", "escape_proxy"):
            return Value("" if name == "prefix" else name == "smart_cast")
        service = name.removesuffix("_url")
        if service in SERVICES:
            return Value(Native(f"environ.Env.{name}", lambda call: self._service(call, service)))
        if name in (*CASTS, "bytes", "path", "get_value"):
            return Value(Native(f"environ.Env.{name}", lambda call: self._method(call, name)))
        return LIBRARY.get(f"environ.Env.{name}")

    def set_attribute(self, name: str, value: Value) -> None:
        self.attributes[name] = value

    def contains(self, machine: Machine, item: Value) -> Value:
        held: Value = ENVIRON.data.contains(machine, item)
        return held

    def invoke(self, call: Call) -> Value:
        return self._method(call, "get_value")

    def _method(self, call: Call, name: str) -> Value:
        """``env(...)``, ``env.bool(...)`` and the like."""
        machine = call.machine
        with_cast = name in ("get_value", "list", "tuple", "dict")
        default_at = 2 if name == "get_value" or name in ("list", "tuple", "dict") else 1
        given = call.argument(1, "cast", NONE) if with_cast else NONE
        cast = given if given.data is not None else Value(CASTS.get(name))
        if name in ("list", "tuple") and given.data is not None:
            cast = Value([given]) if name == "list" else Value((given,))
        if name == "json":
            cast = Value(Native("json", pure(json.loads)))
        if name == "url":
            cast = LIBRARY_URL
        default = call.argument(default_at, "default", NOTSET)
        value = self.get(machine, call.argument(0, "var", NONE), cast, default, name == "url")
        if name == "path":
            return machine.call(LIBRARY["environ.Path"], [value])
        if name == "str" and call.keywords.get("multiline", NONE).data is True:
            value = compute(machine, lambda text: re.sub(r"(\\r)?\\n", "\n", text), value)
        return value

    def _service(self, call: Call, service: str) -> Value:
        """``env.db()``, ``env.cache_url()`` and the like."""
        machine = call.machine
        variable, kind, parser = SERVICES[service]
        name = call.argument(0, "var", Value(variable))
        default = call.argument(1, "default", NOTSET)
        machine.state["cast"] = f"url:{kind}"
        cast = NONE if service == "db" else LIBRARY_URL
        url = self.get(machine, name, cast, default, parse_default=service != "db")
        override = call.argument(2, "engine" if service in ("db", "search") else "backend", NONE)
        if parser is None:
            return unknown("a search URL", origins(url))
        if service == "cache":
            return _cache(machine, url, override)
        if isinstance(url.data, dict):
            return url
        return compute(machine, parser, url, override)

    def get(
        self,
        machine: Machine,
        variable: Value,
        cast: Value,
        default: Value,
        parse_default: bool = False,
    ) -> Value:
        """``Env.get_value``."""
        name = known_name(variable)
        service = machine.state.pop("cast", None)
        if name is None:
            return unknown("a variable whose name cannot be told", variable.taint)
        name = f"{self.attributes.get('prefix', Value('')).data}{name}"
        cast, default = self._schemed(name, cast, default)
        required = default.data is NOTSET.data
        error = ImproperlyConfigured(f"Set the {name} environment variable")
        if cast.data is None and not required and default.data is not None and not default.unknown:
            cast = Value(type(default.data))
        noted(machine, name, default=None if required else default,
              cast=service or _named(cast), error=error if required else None)  # fmt: skip
        found = self._find(machine, name)
        taint = frozenset({name}) | variable.taint
        if found is None and required:
            return machine.missing(name, error)
        value = (found if found is not None else default).tainted(taint)
        text = value.data
        if isinstance(text, str) and text.startswith("$"):
            again = self.get(machine, Value(text.lstrip("$"), taint), cast, default)
            return again.tainted(taint)
        if found is None and not (parse_default and text is not None):
            return NONE.tainted(taint) if default.data is None else value
        if default.data is None and text == "":
            return NONE.tainted(taint)
        return self._cast(machine, value, cast)

    def _cast(self, machine: Machine, value: Value, cast: Value) -> Value:
        if not isinstance(value.data, str):
            return value
        try:
            function = lower(machine, cast)
        except NotPlain as error:
            return unknown(error.reason, origins(value))
        return compute(machine, lambda text: parse(text, function), value)

    def _schemed(self, name: str, cast: Value, default: Value) -> tuple[Value, Value]:
        info = self.scheme.get(name)
        if info is None:
            return cast, default
        if isinstance(info.data, (tuple, list)) and len(info.data) == 2:
            cast = cast if cast.data is not None else info.data[0]
            return cast, default if default.data is not NOTSET.data else info.data[1]
        return (cast if cast.data is not None else info), default

    def _find(self, machine: Machine, name: str) -> Value | None:
        if self.by_file:
            noted(machine, f"{name}_FILE")
            path = find(machine, f"{name}_FILE")
            if path is not None and path.data:
                return unknown("the content of a file", path.taint)
        return find(machine, name)


LIBRARY_URL = Value(Native("url", pure(urlparse)))


def _named(cast: Value) -> str | None:
    data = cast.data
    if isinstance(data, (list, tuple)):
        return "list"
    if isinstance(data, type):
        return {"str": None, "tuple": "list"}.get(data.__name__, data.__name__)
    name = getattr(data, "name", None)
    return None if name in (None, "builtins.str") else str(name).rpartition(".")[2]


def _cache(machine: Machine, url: Value, backend: Value) -> Value:
    """Redis's back end is django-redis's where that is installed."""
    redis = environ_urls.BUILT_IN
    if machine.depends_on("django-redis"):
        redis = "django_redis.cache.RedisCache"
    if isinstance(url.data, dict):
        return url
    return compute(machine, lambda u, b: environ_urls.cache(u, b, redis), url, backend)


@library("environ.Env")
def env(call: Call) -> Value:
    return Value(Env(dict(call.keywords)))


@library("environ.FileAwareEnv")
def file_aware(call: Call) -> Value:
    return Value(Env(dict(call.keywords), by_file=True))


@library("environ.Env.read_env")
def read_env(call: Call) -> Value:
    try:
        path = dotenv.path_argument(call, 0, "env_file")
    except NotPlain:
        call.machine.problem("reads a .env file whose place cannot be told")
        return NONE
    path = path or posixpath.join(dotenv.caller_folder(call), ".env")
    override = call.argument(1, "overwrite", Value(False)).data is True
    try:
        dotenv.load(call.machine, path, dotenv.environ_lines, override)
    except (TypeError, ValueError) as error:
        raise Raised(error, location=call.machine.here) from error
    return NONE


LIBRARY["environ.FileAwareEnv.read_env"] = LIBRARY["environ.Env.read_env"]
LIBRARY["environ.Env.NOTSET"] = NOTSET
LIBRARY["environ.Env.db_url_config"] = Value(
    Native(
        "environ.Env.db_url_config",
        lambda c: compute(c.machine, environ_urls.database, *c.arguments),
    )
)
LIBRARY["environ.Env.cache_url_config"] = Value(
    Native(
        "environ.Env.cache_url_config",
        lambda c: _cache(c.machine, c.argument(0, "url", NONE), c.argument(1, "backend", NONE)),
    )
)
LIBRARY["environ.Env.BOOLEAN_TRUE_STRINGS"] = lift(TRUE)
