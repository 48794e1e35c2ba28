"""Short projects, evaluated: what the tests of this folder share."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import dedent
from typing import Any

from nuages.project.facts import EvaluatedSettings, Setting, Variable
from nuages.project.settings import evaluate
from nuages.project.tree import Tree


def evaluated(
    text: str, environ: Mapping[str, str] | None = None, files: Mapping[str, str] | None = None
) -> EvaluatedSettings:
    """Evaluate one module ``site/settings.py`` among further files."""
    texts = {path: dedent(content) for path, content in (files or {}).items()}
    tree = Tree.of({"site/__init__.py": "", "site/settings.py": dedent(text), **texts})
    return evaluate(tree, "site.settings", environ=environ or {})


def setting(text: str, name: str = "X", environ: Mapping[str, str] | None = None) -> Setting:
    """Return one setting of a module."""
    return evaluated(text, environ).settings[name]


def value(text: str, environ: Mapping[str, str] | None = None, name: str = "X") -> Any:
    """Return the value of one setting, or its reason in brackets when it is unknown."""
    found = setting(text, name, environ)
    return f"<{found.reason}>" if found.state == "unknown" else found.value


def variable(result: EvaluatedSettings, name: str) -> Variable:
    """Return one line of the contract."""
    return next(found for found in result.variables if found.name == name)
