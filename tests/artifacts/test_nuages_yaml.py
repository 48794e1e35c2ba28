"""The nuages.yaml that init writes loads, and resolves to the same deployment as none at all."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from nuages.artifacts.nuages_yaml import first_config
from nuages.config.load import load
from nuages.config.resolve import resolve
from nuages.project.detect import detect
from nuages.project.tree import Tree

PROJECTS = sorted(
    path
    for path in (Path(__file__).parents[1] / "fixtures" / "projects").iterdir()
    if path.is_dir()
)


@pytest.mark.parametrize("path", PROJECTS, ids=lambda path: path.name)
def test_it_says_what_holds_without_it(path: Path) -> None:
    project = detect(Tree.open(path))
    config = load(first_config(project), "nuages.yaml")
    without, with_it = resolve(project), resolve(project, config)
    order = sorted(with_it.secrets, key=lambda secret: secret.name)
    assert order == sorted(without.secrets, key=lambda secret: secret.name)
    assert replace(with_it, secrets=()) == replace(without, secrets=())


def test_a_variable_without_a_default_is_named_with_its_place() -> None:
    path = next(path for path in PROJECTS if path.name == "split_postgres")
    text = first_config(detect(Tree.open(path)))
    assert "#   DJANGO_ADMIN_URL:  # config/settings/" in text
    assert "DATABASE_URL" not in text
