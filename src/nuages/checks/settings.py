"""Evaluated settings as rules ask for them: by key, with Django's default, with their place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from nuages.project.evaluation.source import parse
from nuages.project.facts import EvaluatedSettings, Project, Setting
from nuages.project.settings import evaluate
from nuages.project.tree import Tree
from nuages.text import Location

_PARTS = 60
"""Lines after the beginning of a setting in which a key of it is looked for."""


class Settings:
    """The settings under one environment. ``None`` always means "cannot be told"."""

    def __init__(self, evaluated: EvaluatedSettings, tree: Tree):
        self.evaluated = evaluated
        self._tree = tree

    @property
    def path(self) -> str:
        """The file of the settings module."""
        return self.evaluated.path

    @cached_property
    def torn(self) -> bool:
        """Whether a part cannot be parsed: it may assign anything."""
        paths = self.evaluated.files if self.evaluated.problems else ()
        return any(parse(self._tree.read(p) or "").torn for p in paths if p.endswith(".py"))

    def __contains__(self, name: str) -> bool:
        """Whether it is assigned, known or not."""
        return name in self.evaluated.settings

    def setting(self, name: str) -> Setting | None:
        """Everything that is known of a setting."""
        return self.evaluated.settings.get(name)

    def get(self, name: str, *keys: str, default: Any = None) -> Any:
        """A value, or the one under ``keys`` inside it.

        ``default`` is what Django takes where it is not set; None where the value is unknown.
        """
        if name not in self:
            return None if self.torn else default
        value = self._value(name)
        for key in keys:
            if not isinstance(value, dict) or _unknown(value):
                return None
            if key not in value:
                return None if "…" in value else default
            value = value[key]
        return None if _unknown(value) else value

    def texts(self, name: str, *keys: str) -> tuple[str, ...]:
        """The texts in a list; elements that are unknown are left out."""
        value = self.get(name, *keys)
        items = value if isinstance(value, list | tuple) else ()
        return tuple(item for item in items if isinstance(item, str))

    def complete(self, name: str) -> bool:
        """Whether all of a setting is known; so it is where it is certainly not set."""
        setting = self.setting(name)
        if setting is None:
            return self.evaluated.raises is None and not self.torn
        return setting.state != "unknown" and not setting.partial

    def lacks(self, name: str, item: str) -> bool:
        """Whether a list certainly does not hold a text."""
        return self.complete(name) and item not in self.texts(name)

    def has_app(self, *names: str) -> bool:
        """Whether one of these apps is installed, by its package or by its AppConfig."""
        listed = self.texts("INSTALLED_APPS")
        return any(app == name or app.startswith(f"{name}.") for app in listed for name in names)

    def variables(self, name: str) -> tuple[str, ...]:
        """The environment variables that steer a setting."""
        setting = self.setting(name)
        return setting.variables if setting else ()

    def fixed(self, name: str) -> bool:
        """Whether a setting is the same in every environment: no variable steers it."""
        setting = self.setting(name)
        return setting is not None and setting.state == "known"

    def at(self, name: str, *keys: str) -> Location:
        """Where a setting, or the innermost of ``keys`` in it, stands; else the module."""
        setting = self.setting(name)
        if setting is None:
            return Location(self.path, 1)
        where = setting.location
        return (self._inside(where, keys[-1]) if keys else None) or where

    def _value(self, name: str) -> Any:
        setting = self.evaluated.settings[name]
        return None if setting.state == "unknown" else setting.value

    def _inside(self, where: Location, key: str) -> Location | None:
        lines = (self._tree.read(where.path) or "").splitlines()
        for number, line in enumerate(lines[where.line - 1 : where.line + _PARTS], where.line):
            found = re.search(rf"[\"']{re.escape(key)}[\"']|\b{re.escape(key)}\s*=", line)
            if found:
                return Location(where.path, number, found.start() + 1)
        return None


def _unknown(value: Any) -> bool:
    return isinstance(value, dict) and set(value) == {"unknown"}


def settings_under(
    environ: Mapping[str, str], tree: Tree, project: Project, roots: tuple[str, ...]
) -> Settings:
    """The project's settings with these variables and no others."""
    chosen = project.configuration
    evaluated = evaluate(
        tree,
        project.settings.module,
        sources=roots,
        environ=environ,
        configuration=chosen.value if chosen else None,
        packages=project.dependencies.packages,
        contract=False,
    )
    return Settings(evaluated, tree)
