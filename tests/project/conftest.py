"""A plain Django project in memory, to be changed by each test."""

from __future__ import annotations

import pytest
from plain_project import PLAIN, Detected

from nuages.project.detect import detect
from nuages.project.facts import Project
from nuages.project.tree import Tree


@pytest.fixture
def detected() -> Detected:
    """Detect the plain project with these files over it; None removes one.

    ``settings`` is added to the end of its settings module.
    """

    def run(files: dict[str, str | None] | None = None, settings: str = "") -> Project:
        changed = {**PLAIN, **(files or {})}
        texts = {path: text for path, text in changed.items() if text is not None}
        if settings:
            texts["shop/settings.py"] += settings
        return detect(Tree.of(texts))

    return run
