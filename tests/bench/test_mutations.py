"""The corpus of mistakes: every edit still fits the clean project that it is for."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from bench.checks import mutants
from bench.checks.edits import AnchorError, apply
from nuages.config.load import load
from nuages.config.resolve import resolve
from nuages.project.detect import detect
from nuages.project.tree import Tree


def test_every_edit_fits() -> None:
    assert mutants.problems(mutants.mutants()) == []


def test_every_mutation_says_all_it_should() -> None:
    for mutation in mutants.mutations():
        assert all((mutation.title, mutation.source, mutation.expects, mutation.edits)), mutation.id
        assert set(mutation.sites) <= set(mutants.projects()), mutation.id


def test_every_topic_has_its_share() -> None:
    share = Counter(mutation.topic for mutation in mutants.mutations())
    assert sum(share.values()) >= 120
    assert min(share.values()) >= 5, share


@pytest.mark.parametrize("site", [p.name for p in (mutants.HERE / "projects").iterdir()])
def test_the_clean_projects_resolve(site: str) -> None:
    root = mutants.projects()[site]
    project = detect(Tree.open(root))
    config = load((root / "nuages.yaml").read_text("utf-8"), "nuages.yaml")
    assert project.settings is not None
    assert project.settings.module == config.settings
    assert resolve(project, config).name == config.manifest().project_name


@pytest.mark.parametrize(
    ("edit", "after"),
    [
        ({"old": "b = 2", "new": "b = 3"}, "if a:\n    b = 3\n    c = 4\n"),
        ({"old": "b = 2\nc = 4", "new": "d = 1\ne = 1"}, "if a:\n    d = 1\n    e = 1\n"),
        ({"old": "b = 2\n", "new": ""}, "if a:\n    c = 4\n"),
        (
            {"after": "b = 2", "add": "x = 1\ny = 2"},
            "if a:\n    b = 2\n    x = 1\n    y = 2\n    c = 4\n",
        ),
        ({"append": "z = 1\n"}, "if a:\n    b = 2\n    c = 4\nz = 1\n"),
    ],
)
def test_an_edit_keeps_the_indentation(tmp_path: Path, edit: dict[str, str], after: str) -> None:
    (tmp_path / "m.py").write_text("if a:\n    b = 2\n    c = 4\n")
    assert apply({"file": "m.py", **edit}, tmp_path).read_text() == after


@pytest.mark.parametrize(
    "edit",
    [
        {"old": "absent", "new": ""},
        {"old": "a", "new": "b"},
        {"after": "absent", "add": "x"},
        {"create": "x"},
        {"old": "a = 1"},
    ],
)
def test_an_edit_that_does_not_fit_is_refused(tmp_path: Path, edit: dict[str, str]) -> None:
    (tmp_path / "m.py").write_text("a = 1\na = 2\n")
    with pytest.raises(AnchorError):
        apply({"file": "m.py", **edit}, tmp_path)
    with pytest.raises(AnchorError):
        apply({"file": "gone.py", "remove": "yes"}, tmp_path)
