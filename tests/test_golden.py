"""What ``render`` writes is what was last looked at; ``make golden`` rewrites it."""

from __future__ import annotations

import os
import shutil

import pytest
from golden_cases import CASES, GOLDEN, PROJECTS, expected_folder, present, rendered

WRITE = os.environ.get("NUAGES_GOLDEN") == "write"


@pytest.mark.parametrize("case", CASES)
def test_the_tree_is_the_expected_one(case: str) -> None:
    wanted = {artifact.path: artifact.text for artifact in rendered(case)}
    if WRITE:
        assert not os.environ.get("CI"), "CI compares; it does not rewrite"
        _write(case, wanted)
    found = present(case)
    assert sorted(found) == sorted(wanted)
    for path, text in wanted.items():
        assert found[path] == text, f"{case}: {path} (make golden, and read the difference)"


def test_every_golden_tree_has_its_project() -> None:
    assert sorted(path.name for path in GOLDEN.iterdir() if path.is_dir()) == CASES


@pytest.mark.parametrize("case", CASES)
def test_no_generated_file_stands_where_the_project_has_one_unless_it_is_known(case: str) -> None:
    taken = {
        artifact.path for artifact in rendered(case) if (PROJECTS / case / artifact.path).exists()
    }
    assert taken <= {".dockerignore", ".env.example", "Dockerfile"}


def _write(case: str, wanted: dict[str, str]) -> None:
    folder = expected_folder(case)
    shutil.rmtree(folder, ignore_errors=True)
    for path, text in wanted.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
