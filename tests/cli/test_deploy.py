"""`nuages deploy` before it makes anything: programs, and what a dry run prints."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from nuages.cli.app import run
from nuages.errors import ToolMissing

TALLY = Path(__file__).parents[1] / "fixtures/releases/tally"


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project, and a PATH on which there is nothing."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    (tmp_path / "bin").mkdir()
    return Path(shutil.copytree(TALLY, tmp_path / "site"))


def program(site: Path, name: str, prints: str) -> None:
    path = site.parent / "bin" / name
    path.write_text(f"#!/bin/sh\necho '{prints}'\n", "utf-8")
    path.chmod(0o755)


def deploy(site: Path, *words: str) -> int:
    return run(["deploy", str(site), "--project", "jazz-1910", *words])


@pytest.mark.parametrize(
    ("version", "words", "said"),
    [
        ("", (), "Neither terraform nor tofu is installed"),
        ("1.9.8", (), "terraform 1.9.8 is too old"),
        ("1.11.4", ("--builder", "local"), "The program docker is not installed here"),
    ],
)
def test_nothing_is_made_for_want_of_a_program(
    site: Path,
    version: str,
    words: tuple[str, ...],
    said: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    if version:
        program(site, "terraform", f'{{"terraform_version": "{version}"}}')
    assert deploy(site, *words) == ToolMissing.exit_code
    assert said in " ".join(capsys.readouterr().err.split())
    assert not (site / ".nuages").exists()


def test_a_dry_run_needs_no_program_and_says_who_builds(
    site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert deploy(site, "--dry-run", "--no-check") == 0
    found = capsys.readouterr()
    assert "is built by the cloud" in found.err
    assert "cloudbuild.v1 projects.locations.builds.create" in " ".join(found.out.split())


@pytest.mark.parametrize("words", [(), ("--builder", "local")])
def test_an_engine_that_answers_builds(
    site: Path, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    program(site, "docker", "27.0.1")
    assert deploy(site, "--dry-run", "--no-check", *words) == 0
    found = " ".join(capsys.readouterr().out.split())
    assert "docker build" in found
    assert "cloudbuild" not in found
