"""django-configurations: settings as the attributes of a class."""

from __future__ import annotations

from typing import Any

from nuages.project.evaluation.calls import attribute_of
from nuages.project.evaluation.compute import lower
from nuages.project.evaluation.definitions import Class, Instance, Property, bound
from nuages.project.evaluation.functions import Function
from nuages.project.evaluation.libraries.configurations_values import ConfiguredValue
from nuages.project.evaluation.libraries.dotenv import environ_lines, load
from nuages.project.evaluation.libraries.paths import is_file
from nuages.project.evaluation.machine import LIBRARY, Machine
from nuages.project.evaluation.signals import ImproperlyConfigured, Raised
from nuages.project.evaluation.state import Module, Scope
from nuages.project.evaluation.values import Model, Native, NotPlain, Value, unknown
from nuages.text import Location


class Configuration(Model):
    """``configurations.Configuration``: the base of the user's classes."""

    name = "configurations.Configuration"

    def attribute(self, name: str) -> Value | None:
        if name.isupper():
            return unknown(f"Django's own default of {name}")
        return Value(Native(f"configurations.Configuration.{name}", lambda _: Value(None)))


BASE = Value(Configuration())
LIBRARY["configurations.Configuration"] = BASE
LIBRARY["configurations.Settings"] = BASE
LIBRARY["configurations.base.Configuration"] = BASE


def set_up(machine: Machine, module: Module, name: str) -> None:
    """Do what the importer does: set up the class and put its attributes into the module."""
    found = module.names.get(name)
    if found is None or not isinstance(found.data, Class):
        where = Location(module.path)
        error = AttributeError(f"Couldn't find configuration '{name}' in module '{module.name}'")
        machine.fails(Raised(error, location=where))
        return
    kind = found.data
    machine.at = (kind.node, module)
    scope = Scope(module, module.names)
    for step in (_before, _values, _attributes, _after):
        try:
            step(machine, kind, scope)
        except Raised as raised:
            machine.fails(raised, raised.missing)


def _settings(kind: Class) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for parent in reversed(kind.lineage):
        found.update({name: v for name, v in parent.attributes.items() if name.isupper()})
    return found


def _call(machine: Machine, kind: Class, name: str) -> None:
    function = kind.find(name)
    if function is not None and isinstance(function.data, Function):
        machine.call(bound(function, Value(kind), None))


def _before(machine: Machine, kind: Class, _: Scope) -> None:
    dotenv = kind.find("DOTENV")
    try:
        path = lower(machine, dotenv) if dotenv is not None else None
    except NotPlain:
        path = None
    if path and not is_file(machine, path):
        error = ImproperlyConfigured(f"Couldn't read .env file with the path {path}")
        machine.fails(Raised(error, location=machine.here))
    elif path:
        load(machine, path, environ_lines)
    _call(machine, kind, "pre_setup")


def _values(machine: Machine, kind: Class, scope: Scope) -> None:
    """Replace each Value by what the environment or its default gives."""
    for name, value in _settings(kind).items():
        if isinstance(value.data, ConfiguredValue):
            machine.at = _place(scope.module, name, kind)
            _put(machine, kind.attributes, name, value.data)
    if kind.find("setup") is not None:
        _call(machine, kind, "setup")


def _put(machine: Machine, target: dict[str, Value], name: str, found: ConfiguredValue) -> None:
    made = found.setup(machine, name)
    target[name] = made
    if found.multiple and isinstance(made.data, dict):
        for key, value in made.data.items():
            target[str(key)] = value.tainted(made.taint)


def _place(module: Module, name: str, kind: Class) -> Any:
    for parent in kind.lineage:
        for node in parent.node.body:
            if any(getattr(t, "id", None) == name for t in getattr(node, "targets", [])):
                return getattr(node, "value", node), parent.scope.module
    return kind.node, module


def _attributes(machine: Machine, kind: Class, scope: Scope) -> None:
    """Read every setting from an instance: properties are computed, methods are called."""
    instance = Value(Instance(kind))
    for name in _settings(kind):
        at = _place(scope.module, name, kind)
        try:
            value = attribute_of(machine, instance, name)
            if isinstance(value.data, Model) and not isinstance(value.data, Property):
                callable_ = hasattr(value.data, "function")
                value = machine.call(value) if callable_ else value
            if isinstance(value.data, ConfiguredValue):
                _put(machine, scope.module.names, name, value.data)
                continue
        except Raised as raised:
            machine.fails(raised, raised.missing)
            value = unknown(raised.text)
        scope.module.names[name] = value
        node, module = _definition(kind, name) or at
        scope.module.locations[name] = machine.locate(node, module)


def _definition(kind: Class, name: str) -> Any:
    for parent in kind.lineage:
        for node in parent.node.body:
            if getattr(node, "name", None) == name:
                return node, parent.scope.module
    return None


def _after(machine: Machine, kind: Class, scope: Scope) -> None:
    scope.module.names["CONFIGURATION"] = Value(f"{scope.module.name}.{kind.name}")
    _call(machine, kind, "post_setup")
