"""Programs that a release starts, looked for before anything is made."""

from __future__ import annotations

from pathlib import Path

import pytest

from nuages.deploy import tools
from nuages.errors import ToolMissing


def program(folder: Path, name: str, script: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    path.chmod(0o755)


def versioned(folder: Path, name: str, version: str) -> None:
    program(folder, name, f"""echo '{{"terraform_version": "{version}"}}'""")


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder that programs are found in."""
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize("version", ["1.11.0", "1.12.0-beta1", "1.14.3", "2.0.0"])
def test_a_new_terraform_is_taken(path: Path, version: str) -> None:
    versioned(path, "terraform", version)
    assert tools.new_terraform() == "terraform"


def test_a_new_tofu_stands_in_for_an_old_terraform(path: Path) -> None:
    versioned(path, "terraform", "1.5.7")
    versioned(path, "tofu", "1.11.1")
    assert tools.new_terraform() == "tofu"


@pytest.mark.parametrize("version", ["1.10.5", "0.15.5"])
def test_an_old_one_is_named_with_its_version(path: Path, version: str) -> None:
    versioned(path, "terraform", version)
    with pytest.raises(ToolMissing, match=f"terraform {version} is too old") as raised:
        tools.new_terraform()
    assert raised.value.reason == "old-terraform"
    assert "1.11" in raised.value.hint


def test_one_that_says_no_version_is_none(path: Path) -> None:
    program(path, "terraform", "exit 1")
    with pytest.raises(ToolMissing, match="terraform of no version"):
        tools.new_terraform()


def test_none_at_all_is_said_with_where_to_get_it(path: Path) -> None:
    with pytest.raises(ToolMissing, match="Neither terraform nor tofu") as raised:
        tools.new_terraform()
    assert raised.value.reason == "no-terraform"


def test_an_engine_that_answers_lacks_nothing(path: Path) -> None:
    program(path, "docker", "echo 27.0.1")
    assert tools.no_engine() is None


def test_an_engine_that_is_down_is_told_from_none(path: Path) -> None:
    lack = tools.no_engine()
    assert lack is not None
    assert lack.reason == "no-docker"
    program(path, "docker", "echo Cannot connect >&2; exit 1")
    lack = tools.no_engine()
    assert lack is not None
    assert lack.reason == "no-docker-engine"
    assert "--builder cloud" in lack.hint
