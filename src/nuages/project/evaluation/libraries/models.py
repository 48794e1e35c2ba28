"""Settings objects whose fields are variables: pydantic-settings, and everett's manager."""

# a registered handler takes what every handler takes; a method takes what its protocol says
# ruff: noqa: ARG001, ARG002

from __future__ import annotations

import ast
import json
from typing import Any

from nuages.project.evaluation.compute import compute
from nuages.project.evaluation.definitions import Class, Instance
from nuages.project.evaluation.libraries.environment import find, known_name, noted
from nuages.project.evaluation.machine import LIBRARY, Call, Machine, library
from nuages.project.evaluation.values import NONE, Model, Native, Value, unknown

TRUE = ("1", "t", "true", "on", "y", "yes")
FALSE = ("0", "f", "false", "off", "n", "no")


def boolean(text: str) -> bool:
    """pydantic's bool."""
    if text.lower() not in TRUE + FALSE:
        raise ValueError("Input should be a valid boolean")
    return text.lower() in TRUE


CASTS: dict[str, tuple[str | None, Any]] = {
    "str": (None, str),
    "SecretStr": (None, str),
    "bool": ("bool", boolean),
    "int": ("int", int),
    "float": ("float", float),
    "list": ("json", json.loads),
    "dict": ("json", json.loads),
    "set": ("json", lambda text: set(json.loads(text))),
}


class BaseSettings(Model):
    """``pydantic_settings.BaseSettings``."""

    name = "pydantic_settings.BaseSettings"

    def subclass(self, machine: Machine, kind: Class) -> Value:
        return Value(SettingsClass(kind))


class SettingsClass(Model):
    """A class of the user's whose fields are read from the environment when it is made."""

    def __init__(self, kind: Class):
        self.kind = kind

    def attribute(self, name: str) -> Value | None:
        return self.kind.find(name)

    def subclass(self, machine: Machine, kind: Class) -> Value:
        return Value(SettingsClass(kind))

    def invoke(self, call: Call) -> Value:
        config = self.kind.find("model_config")
        prefix = ""
        if config is not None and isinstance(config.data, dict):
            prefix = str(config.data.get("env_prefix", Value("")).data)
        made = Instance(self.kind)
        for parent in reversed(self.kind.lineage):
            for node in parent.node.body:
                if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                    call.machine.at = (node, parent.scope.module)
                    made.attributes[node.target.id] = _field(
                        call, parent, node, node.target.id, prefix
                    )
        made.attributes.update(call.keywords)
        return Value(made)


def _field(call: Call, kind: Class, node: ast.AnnAssign, name: str, prefix: str) -> Value:
    machine = call.machine
    if name == "model_config":
        return kind.attributes.get(name, NONE)
    variable = f"{prefix}{name}".upper()
    annotation = ast.unparse(node.annotation).replace("Optional[", "").split("|")[0]
    cast, parser = CASTS.get(annotation.split("[")[0].strip(" ]"), ("function", None))
    default = kind.attributes.get(name)
    error = ValueError(f"{variable}: Field required")
    noted(machine, variable, default=default, cast=cast, error=None if default else error)
    found = find(machine, variable) or find(machine, f"{prefix}{name}")
    if found is None:
        taint = frozenset({variable})
        return default.tainted(taint) if default else machine.missing(variable, error)
    if parser is None:
        return unknown(f"a field of type {annotation}", found.taint)
    return compute(machine, parser, found)


LIBRARY["pydantic_settings.BaseSettings"] = Value(BaseSettings())
LIBRARY["pydantic.BaseSettings"] = LIBRARY["pydantic_settings.BaseSettings"]
LIBRARY["pydantic_settings.SettingsConfigDict"] = Value(dict)


class Manager(Model):
    """``everett.manager.ConfigManager``."""

    name = "everett.manager.ConfigManager"

    def attribute(self, name: str) -> Value | None:
        return Value(Native(f"everett.{name}", lambda _: Value(self)))

    def invoke(self, call: Call) -> Value:
        name = known_name(call.argument(0, "key", NONE))
        if name is None:
            return unknown("a variable whose name cannot be told", call.taint)
        namespace = call.keywords.get("namespace", NONE).data
        variable = (f"{namespace}_{name}" if namespace else name).upper()
        default, parser = call.keywords.get("default"), call.keywords.get("parser", Value(str))
        error = KeyError(variable)
        cast = getattr(parser.data, "__name__", "function")
        noted(call.machine, variable, default=default, cast=None if cast == "str" else cast,
              error=None if default else error)  # fmt: skip
        text = find(call.machine, variable) or default
        if text is None:
            return call.machine.missing(variable, error)
        text = text.tainted(frozenset({variable}))
        if parser.data is bool:
            return compute(call.machine, _everett_bool, text)
        return call.machine.call(parser, [text]).tainted(text.taint)


def _everett_bool(text: str) -> bool:
    word = text.strip().lower()
    if word not in (*TRUE, *FALSE, ""):
        raise ValueError(f"{text!r} is not a valid bool value")
    return word in TRUE


@library("everett.manager.ConfigManager")
def manager(call: Call) -> Value:
    return Value(Manager())


LIBRARY["everett.manager.ConfigManager.basic_config"] = LIBRARY["everett.manager.ConfigManager"]
