"""The starter stays smaller than the one that it is compared with, much as its page says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import nuages.starter
from nuages.starter.create import starter_files

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "explanation" / "starter-and-cookiecutter-django.md"
SETTINGS = Path(nuages.starter.__file__).parent / "project" / "config" / "settings"


def test_it_has_fewer_files_and_fewer_lines_of_settings() -> None:
    lines = sum(len(file.read_text("utf-8").splitlines()) for file in SETTINGS.glob("*.py"))
    counted = {
        "Files in version control": len(starter_files()),
        "Lines in `config/settings`": lines,
    }
    for row, count in counted.items():
        found = re.search(rf"^\| {row} \| (\d+) \| (\d+) \|$", PAGE.read_text("utf-8"), re.M)
        ours, theirs = map(int, found.groups())
        assert count < theirs, row
        assert count == pytest.approx(ours, rel=0.1), f"the page says {ours} for {row}"
