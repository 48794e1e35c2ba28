"""python-decouple, and prettyconf and starlette's Config, which are read in the same way."""

from __future__ import annotations

import shlex
import string
from collections.abc import Callable
from typing import Any

from nuages.project.evaluation.compute import compute, lower, pure
from nuages.project.evaluation.libraries.dotenv import (
    caller_folder,
    decouple_lines,
    load,
    path_argument,
    walked,
)
from nuages.project.evaluation.libraries.environment import find, known_name, noted
from nuages.project.evaluation.libraries.paths import is_file
from nuages.project.evaluation.libraries.process import truth_of
from nuages.project.evaluation.machine import LIBRARY, Call, Machine, library
from nuages.project.evaluation.signals import UndefinedValueError, UnknownConfiguration
from nuages.project.evaluation.values import (
    NONE,
    Model,
    Native,
    NotPlain,
    Plain,
    Value,
    origins,
    unknown,
)

FALSE = ("", "n", "no", "f", "false", "off", "0")


def boolean(value: Any) -> bool:
    """``Config._cast_boolean``."""
    text = str(value)
    return bool(truth_of(text)) if text else False


class Csv(Plain):
    """``decouple.Csv``."""

    name = "list"

    def __init__(
        self,
        cast: Callable[[str], Any] = str,
        delimiter: str = ",",
        strip: str = string.whitespace,
        post_process: Callable[[Any], Any] = list,
    ):
        self.cast, self.delimiter, self.strip, self.post_process = (
            cast,
            delimiter,
            strip,
            post_process,
        )

    def __call__(self, value: Any) -> Any:
        if value is None:
            return self.post_process(())
        splitter = shlex.shlex(value, posix=True)
        splitter.whitespace = self.delimiter
        splitter.whitespace_split = True
        return self.post_process([self.cast(item.strip(self.strip)) for item in splitter])


class Choices(Plain):
    """``decouple.Choices``."""

    name = "choices"

    def __init__(self, flat: Any = None, cast: Callable[[str], Any] = str, choices: Any = None):
        self.cast = cast
        self.valid = [*(flat or []), *(value for value, _ in choices or [])]

    def __call__(self, value: Any) -> Any:
        made = self.cast(value)
        if made not in self.valid:
            raise ValueError(f"Value not in list: {value!r}; valid values are {self.valid!r}")
        return made


class Config(Model):
    """``decouple.config``, an AutoConfig or a Config over a repository."""

    def __init__(
        self,
        search: Any = None,
        error: type[Exception] = UndefinedValueError,
        cast_bool: Callable[[Any], bool] = boolean,
    ):
        self.search = search
        self.error = error
        self.cast_bool = cast_bool

    def attribute(self, name: str) -> Value | None:
        if name in ("get", "boolean", "list", "eval", "tuple", "option"):
            return Value(Native(f"decouple.config.{name}", self.invoke)) if name == "get" else (
                LIBRARY.get(f"prettyconf.config.{name}"))  # fmt: skip
        return None

    def invoke(self, call: Call) -> Value:
        machine = call.machine
        self._load(call)
        name = known_name(call.argument(0, "option", call.keywords.get("item", NONE)))
        if name is None:
            return unknown("a variable whose name cannot be told", call.taint)
        default, cast = self._options(call)
        error = self.error(f"{name} not found. Declare it as envvar or define a default value.")
        noted(machine, name, default=default, cast=name_of(cast),
              error=error if default is None else None)  # fmt: skip
        found = find(machine, name)
        taint = frozenset({name})
        if found is None and default is None:
            return machine.missing(name, error)
        value = (found or default or NONE).tainted(taint)
        return self._cast(machine, value, cast) if cast is not None else value

    def _options(self, call: Call) -> tuple[Value | None, Value | None]:
        default, cast = call.argument(1, "default"), call.argument(2, "cast")
        starlette = self.search == "starlette"
        return (cast, default) if starlette and len(call.arguments) > 1 else (default, cast)

    def _cast(self, machine: Machine, value: Value, cast: Value) -> Value:
        if cast.data is bool:
            return compute(machine, self.cast_bool, value)
        try:
            function = lower(machine, cast)
        except NotPlain as error:
            return unknown(error.reason, origins(value))
        if function is None:
            return value
        if value.unknown:
            return value
        return machine.call(cast, [value]).tainted(value.taint)

    def _load(self, call: Call) -> None:
        """Read the nearest .env of the tree, as AutoConfig does at the first lookup."""
        loaded: set[str] = call.machine.state.setdefault("decouple", set())
        if str(self.search) in loaded or self.search == "starlette":
            return
        loaded.add(str(self.search))
        start = self.search or caller_folder(call)
        path = start if is_file(call.machine, start) else walked(call.machine, str(start))
        if path is not None:
            load(call.machine, path, decouple_lines)


def name_of(cast: Value | None) -> str | None:
    """Return the name of a cast for the contract."""
    if cast is None or cast.data is str:
        return None
    if isinstance(cast.data, type):
        return "list" if cast.data is tuple else cast.data.__name__
    name = str(getattr(cast.data, "name", "function"))
    return URLS.get(name) or name.rpartition(".")[2]


URLS = {
    "dj_database_url.parse": "url:database",
    "dj_email_url.parse": "url:email",
    "django_cache_url.parse": "url:cache",
}


def _made(kind: Any) -> Callable[[Call], Value]:
    def model(call: Call) -> Value:
        try:
            arguments = [lower(call.machine, value) for value in call.arguments]
            keywords = {name: lower(call.machine, value) for name, value in call.keywords.items()}
            return Value(kind(*arguments, **keywords))
        except (NotPlain, TypeError, ValueError) as error:
            return unknown(f"{kind.__name__}(): {error}", call.taint)

    return model


@library("decouple.AutoConfig")
def auto_config(call: Call) -> Value:
    try:
        return Value(Config(path_argument(call, 0, "search_path")))
    except NotPlain:
        return Value(Config())


@library("decouple.RepositoryEnv")
def repository(call: Call) -> Value:
    return call.argument(0, "source", NONE)


LIBRARY["decouple.RepositoryIni"] = LIBRARY["decouple.RepositoryEnv"]
LIBRARY["decouple.RepositoryEmpty"] = LIBRARY["decouple.RepositoryEnv"]
LIBRARY["decouple.Config"] = Value(Native("decouple.Config", auto_config))
LIBRARY["decouple.config"] = Value(Config())
LIBRARY["decouple.strtobool"] = LIBRARY["distutils.util.strtobool"]
LIBRARY["decouple.Csv"] = Value(Native("decouple.Csv", _made(Csv)))
LIBRARY["decouple.Choices"] = Value(Native("decouple.Choices", _made(Choices)))
LIBRARY["prettyconf.config"] = Value(Config(error=UnknownConfiguration))


def listed(value: Any) -> list[str]:
    """``prettyconf.casts.List``."""
    if isinstance(value, str):
        return [item.strip().strip("\"'") for item in value.split(",") if item.strip()]
    return list(value)


PRETTYCONF = {"boolean": boolean, "list": listed, "tuple": lambda value: tuple(listed(value))}
for _name, _function in PRETTYCONF.items():
    LIBRARY[f"prettyconf.config.{_name}"] = Value(Native(_name, pure(_function)))


def _starlette_bool(value: Any) -> bool:
    mapping = {"true": True, "1": True, "false": False, "0": False}
    if isinstance(value, bool):
        return value
    if str(value).lower() not in mapping:
        raise ValueError(f"Config has value '{value}'. Not a valid bool.")
    return mapping[str(value).lower()]


@library("starlette.config.Config")
def starlette(call: Call) -> Value:
    path = call.argument(0, "env_file", NONE).data
    if isinstance(path, str):
        load(call.machine, path, decouple_lines)
    return Value(Config("starlette", KeyError, _starlette_bool))


LIBRARY["starlette.datastructures.Secret"] = Value(str)
LIBRARY["starlette.datastructures.CommaSeparatedStrings"] = Value(
    Native("list", lambda c: compute(c.machine, lambda v: listed(v) if v else [], *c.arguments[:1]))
)
