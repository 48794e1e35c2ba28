"""A project that takes its version from git's history, which nothing is built with."""

from __future__ import annotations

import re

from nuages.project.python_source import joined
from nuages.project.tree import Tree

_TOOLS = re.compile(
    r"setuptools[-_]scm|hatch-vcs|versioningit|dunamai|versioneer|use_scm_version|\bpbr\b"
)
_FILES = ("pyproject.toml", "setup.cfg", "setup.py")


def unversioned(tree: Tree, folder: str) -> str:
    """The name of the package; empty where its version stands in a file, or it has no name."""
    texts = [tree.read(joined(folder, name)) or "" for name in _FILES]
    if not any(map(_TOOLS.search, texts)):
        return ""
    names = (re.search(r"(?m)^\s*name\s*=\s*[\"']?([\w.-]+)", text) for text in texts)
    return next((match[1] for match in names if match), "")
