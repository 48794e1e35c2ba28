"""dynaconf: its values live in files and in variables that this evaluation does not read."""

# a registered handler takes what every handler takes
# ruff: noqa: ARG001

from __future__ import annotations

from nuages.project.evaluation.machine import LIBRARY, Call, library
from nuages.project.evaluation.values import Value, unknown

REASON = "dynaconf reads it from its files and variables"


@library("dynaconf.DjangoDynaconf")
def django_dynaconf(call: Call) -> Value:
    """The settings that stand in the module itself may be overridden, so that none is certain."""
    names = call.scope.module.names
    for name in list(names):
        if name.isupper():
            names[name] = unknown(REASON, names[name].taint)
    call.scope.module.rest = REASON
    call.machine.problem(REASON)
    return unknown(REASON)


@library("dynaconf.Dynaconf")
def dynaconf(call: Call) -> Value:
    return unknown(REASON)


LIBRARY["dynaconf.LazySettings"] = LIBRARY["dynaconf.Dynaconf"]
LIBRARY["dynaconf.settings"] = unknown(REASON)
