"""What ``nuages render --dev`` writes for each layout, to the letter.

A case is a folder of tests/golden: its ``nuages.yaml``, and ``expected``, the tree for the project
of that name in tests/fixtures/projects. ``make golden`` rewrites the trees; read the difference.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from nuages.artifacts.container import container_artifacts, development_artifacts
from nuages.config.load import load
from nuages.config.resolve import resolve
from nuages.project.detect import detect
from nuages.project.tree import Tree

HERE = Path(__file__).parent
PROJECTS = HERE / "fixtures/projects"
CASES = sorted(path.parent for path in (HERE / "golden").glob("*/nuages.yaml"))
WRITES = os.environ.get("NUAGES_GOLDEN") == "write"


def rendered(case: Path) -> dict[str, str]:
    text = (case / "nuages.yaml").read_bytes()
    config = load(text, "nuages.yaml")
    project = detect(Tree.open(PROJECTS / case.name), settings_module=config.settings)
    deployment = resolve(project, config)
    made = (*container_artifacts(deployment), *development_artifacts(deployment))
    assert len({artifact.path for artifact in made}) == len(made)
    return {artifact.path: artifact.text for artifact in made}


def expected(case: Path) -> dict[str, str]:
    root = case / "expected"
    files = sorted(path for path in root.rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_text("utf-8") for path in files}


def write(case: Path, texts: dict[str, str]) -> None:
    shutil.rmtree(case / "expected", ignore_errors=True)
    for path, text in texts.items():
        target = case / "expected" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")


def test_every_fixture_has_a_case() -> None:
    fixtures = {path.name for path in PROJECTS.iterdir() if path.is_dir()}
    assert {case.name for case in CASES} == fixtures


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_golden(case: Path) -> None:
    texts = rendered(case)
    if WRITES:
        assert not os.environ.get("CI"), "goldens are written by a person who reads the difference"
        write(case, texts)
    assert expected(case) == texts


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_nothing_generated_holds_a_secret_or_trails_blanks(case: Path) -> None:
    for path, text in expected(case).items():
        assert "django-insecure" not in text, path
        assert not any(line != line.rstrip() for line in text.splitlines()), path
        assert text.endswith("\n"), path
        assert "\n\n\n\n" not in text, path
