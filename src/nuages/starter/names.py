"""Which names a new project may have."""

from __future__ import annotations

import builtins
import keyword
import re
import sys

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
    module, plain = name.replace("-", "_"), name.replace("_", "-")
    if keyword.iskeyword(module) or keyword.issoftkeyword(module) or module in dir(builtins):
        return "it is a word of Python's own"
    if module in sys.stdlib_module_names:
        return "a module of Python's standard library has it"
    if module in _FOLDERS:
        return "a folder of the project itself has it"
    if plain in packages or module in _MODULES or module in _SITE:
        return "a package that the project installs has it"
    return ""


def suggestion(name: str, packages: frozenset[str]) -> str:
    """A name close to the one that will not do."""
    close = (slug(name, LONGEST), f"my-{slug(name, LONGEST - 3)}")
    return next(name for name in close if not problem(name, packages))
