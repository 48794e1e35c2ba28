"""The starter holds what `nuages render` would write for it: `nuages render` in it mends that."""

from __future__ import annotations

from pathlib import Path

from nuages.cli.app import run
from nuages.starter.create import create


def test_a_new_project_is_as_render_would_write_it(tmp_path: Path) -> None:
    root = create("blue-note", tmp_path / "blue-note").root
    assert run(["render", "--check", "--dev", str(root)]) == 0


def test_a_new_project_has_nothing_to_mend(tmp_path: Path) -> None:
    root = create("blue-note", tmp_path / "blue-note").root
    assert run(["check", "--fail-level", "info", str(root)]) == 0
