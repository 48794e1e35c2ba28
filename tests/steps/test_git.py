"""The command lines as one reads them."""

from __future__ import annotations

from nuages.steps import git


def test_commit() -> None:
    assert " ".join(git.commit()) == "git rev-parse --verify HEAD"


def test_dirty() -> None:
    assert " ".join(git.dirty()) == "git status --porcelain --untracked-files=normal -- ."


def test_subject() -> None:
    assert " ".join(git.subject()) == "git log -1 --format=%s"
