"""Which names a new project may have."""

from __future__ import annotations

import builtins
import keyword
import re
import sys
from collections.abc import Callable, Iterator

from nuages.text import slug

LONGEST = 40
"""Characters; it becomes part of host names, which have room for 63 (RFC 1035)."""
_PATTERN = re.compile(r"[a-z](?:[a-z0-9]|[-_](?=[a-z0-9]))*")
_FOLDERS = frozenset(
    [
        "apps",
        "config",
        "docker",
        "locale",
        "manage",
        "media",
        "requirements",
        "static",
        "staticfiles",
        "templates",
        "tests",
    ]
)
_SITE = frozenset({"site", "test", "nuages", "pip", "setuptools", "wheel", "uv"})
# Imported under another name than they are installed by.
_MODULES = frozenset(
    [
        "corsheaders",
        "csp",
        "debug_toolbar",
        "django_filters",
        "environ",
        "health_check",
        "knox",
        "mypy_django_plugin",
        "opentelemetry",
        "pil",
        "pythonjsonlogger",
        "rest_framework",
        "rest_framework_stubs",
        "sentry_sdk",
        "storages",
        "yaml",
    ]
)


def problem(name: str, packages: frozenset[str]) -> str:
    """Say what is wrong with a name; empty when nothing is.

    ``packages`` are the distributions that the project installs: it cannot be one of them.
    """
    if len(name) > LONGEST:
        return f"it has {len(name)} characters; {LONGEST} are the most"
    if not _PATTERN.fullmatch(name):
        return "it should be lower-case letters, digits and single hyphens or underscores"
    return next((f"{who} has it" for who, taken in _owners(packages) if taken(name)), "")


def _owners(packages: frozenset[str]) -> Iterator[tuple[str, Callable[[str], bool]]]:
    yield "Python itself", lambda name: _is_word(_module(name))
    yield "Python's standard library", lambda name: _module(name) in sys.stdlib_module_names
    yield "a folder of the project itself", lambda name: _module(name) in _FOLDERS
    yield "a package that the project installs", lambda name: _is_package(name, packages)


def _module(name: str) -> str:
    return name.replace("-", "_")


def _is_word(name: str) -> bool:
    return keyword.iskeyword(name) or keyword.issoftkeyword(name) or name in dir(builtins)


def _is_package(name: str, packages: frozenset[str]) -> bool:
    return name.replace("_", "-") in packages or _module(name) in _MODULES or name in _SITE


def suggestion(name: str, packages: frozenset[str]) -> str:
    """A name close to the one that will not do."""
    close = (slug(name, LONGEST), f"my-{slug(name, LONGEST - 3)}")
    return next(name for name in close if not problem(name, packages))
