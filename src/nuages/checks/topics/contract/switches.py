"""Settings by what they come out as where their variables say False."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nuages.checks.production import Production
from nuages.checks.settings import Settings
from nuages.checks.topics.contract.known import BOOLEANS, NOT_A_SWITCH, is_switch
from nuages.project.facts import Variable
from nuages.text import Location

Found = tuple[str, tuple[str, ...], Location]
"""What is taken for true, the variables that steer it, and where."""
WORDS = frozenset({"true", "false"})


def of_settings(production: Production) -> Iterator[Found]:
    """Settings that come out as a text where their variables say False."""
    settings = production.settings
    switched = [v.name for v in production.project.contract if _is_switch(production, v)]
    if not switched:
        return
    off = dict.fromkeys(switched, "False")
    without = production.settings_with({**settings.evaluated.environ, **off})
    for name, setting in without.evaluated.settings.items():
        variables = tuple(v for v in setting.variables if v in off)
        if variables and _is_wrong(production, name, settings, without):
            yield name, variables, setting.location
    yield from _asked_for(production, without, tuple(switched))


def _asked_for(production: Production, off: Settings, switched: tuple[str, ...]) -> Iterator[Found]:
    """Settings that are on for ``False`` as for ``True``, and off for an empty text alone."""
    named = {v.name for v in production.project.contract if _is_named(v)}
    true = {
        name: tuple(v for v in setting.variables if v in switched)
        for name, setting in off.evaluated.settings.items()
        if setting.value is True
        and set(setting.variables) & (named if name not in BOOLEANS else set(switched))
    }
    if not true:
        return
    environ = production.settings.evaluated.environ
    on = production.settings_with({**environ, **dict.fromkeys(switched, "True")})
    empty = production.settings_with({**environ, **dict.fromkeys(switched, "")})
    for name, variables in true.items():
        if on.get(name) is True and empty.get(name) is False:
            yield name, variables, off.at(name)


def _is_named(variable: Variable) -> bool:
    """Whether its name or its default says that it is a switch."""
    worded = (variable.default or "").lower() in WORDS
    return (worded or is_switch(variable.name)) and not NOT_A_SWITCH.search(variable.name)


def _is_wrong(production: Production, name: str, usual: Settings, off: Settings) -> bool:
    value, said = usual.get(name), off.get(name)
    if name in BOOLEANS:
        return (isinstance(value, str) and bool(value)) or (isinstance(said, str) and bool(said))
    if not (isinstance(value, bool) and isinstance(said, str) and said == "False"):
        return False
    word = rf"\b{name}\b"
    compared = re.compile(rf"{word}\)?(?:\.lower\(\))?\s*(?:==|!=|in\b)|(?:str|bool)\(.*{word}")
    return not any(compared.search(file.text) for file in production.mentioning(name))


def _is_switch(production: Production, variable: Variable) -> bool:
    if variable.name in production.project.settings.environ:
        return False
    told = variable.cast == "bool" or (variable.default or "").lower() in WORDS
    return told or is_switch(variable.name) or bool(BOOLEANS & set(variable.steers))
