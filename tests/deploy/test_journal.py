from __future__ import annotations

import contextlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nuages.deploy.journal import KEPT, Entry, Journal, read, written
from nuages.errors import StepFailed

ENTRY = Entry(
    "r261121-193012",
    "f00d",
    "2026-11-21T19:30:12+00:00",
    "django@club",
    reached=("image", "infrastructure"),
    outputs={"image": "web@sha256:1", "service": {"traffic": [1]}},
    migrations={"catalog.0002_isbn": ("RemoveField book.isbn",)},
)


def test_what_is_written_is_read_again() -> None:
    journal = Journal((ENTRY, replace(ENTRY, id="r2", status="done")))
    assert read(written(journal)) == journal


def test_nothing_is_an_empty_journal() -> None:
    assert read("") == Journal()


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"releases": [{"id": 1}]}', '"x"', "null"])
def test_a_damaged_journal_is_said_to_be_so(text: str) -> None:
    with pytest.raises(StepFailed, match="journal") as told:
        read(text)
    assert told.value.reason == "bad-journal"


@given(st.text())
def test_no_text_shows_a_traceback(text: str) -> None:
    with contextlib.suppress(StepFailed):
        read(text)


def test_a_release_is_unfinished_until_somebody_says_how_it_ended() -> None:
    assert Journal((ENTRY,)).unfinished == ENTRY
    for status in ("done", "failed", "undone"):
        assert Journal((replace(ENTRY, status=status),)).unfinished is None


def test_a_release_that_serves_again_is_the_last() -> None:
    first, second = (replace(ENTRY, id=name, status="done") for name in ("r1", "r2"))
    journal = Journal((first, second)).having(first)
    assert [entry.id for entry in journal.served] == ["r2", "r1"]


def test_old_releases_are_forgotten() -> None:
    journal = Journal()
    for number in range(KEPT + 5):
        journal = journal.having(replace(ENTRY, id=f"r{number}"))
    assert len(journal.entries) == KEPT
    assert journal.last is not None
    assert journal.last.id == f"r{KEPT + 4}"
