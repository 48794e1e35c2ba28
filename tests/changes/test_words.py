"""A plan in plain words."""

from __future__ import annotations

import pytest
from changes.recording import recorded

from nuages.changes import words
from nuages.changes.change import Change, Field
from nuages.changes.nouns import phrase, subject
from nuages.changes.reading import plan
from nuages.targets.cloud_run.nouns import NOUNS


def only(case: str) -> Change:
    (change,) = plan(recorded(case)).changes
    return change


def test_the_database_by_its_name_and_size() -> None:
    change = only("replace")
    wanted = "the PostgreSQL 17 database server my-site-ab12 (db-f1-micro, 10 GB)"
    assert phrase(change, NOUNS) == wanted
    assert subject(change, NOUNS) == "Database"


def test_what_nobody_has_a_word_for_has_terraforms() -> None:
    change = Change("aws_db_instance.this", "aws_db_instance", "this", None, "create")
    assert phrase(change, NOUNS) == "the db instance"
    assert subject(change, NOUNS) == "Other"


@pytest.mark.parametrize(
    ("case", "why"),
    [
        ("replace", "this cannot be changed in place: region: europe-west1 → us-central1"),
        ("tainted", "it was only half made the last time"),
        ("no_longer_wanted", "worker is no longer wanted"),
        ("update", ""),
    ],
)
def test_why(case: str, why: str) -> None:
    assert words.reason(only(case)) == why


def test_what_is_lost_is_said() -> None:
    found = plan(recorded("destroy"))
    assert words.losses(found, NOUNS) == (
        "the PostgreSQL 17 database server my-site-ab12 (db-f1-micro, 10 GB): "
        "EVERY ROW of the site, with the server's own backups,",
        "the bucket my-media: every file in it",
    )
    assert words.losses(plan(recorded("update")), NOUNS) == ()
    assert words.warning(only("no_longer_wanted"), NOUNS) == ""


def test_a_bucket_with_files_in_it_keeps_itself() -> None:
    said = words.warning(only("tainted"), NOUNS)
    assert said == (
        "every file in it would be lost; it is protected, so that this is refused as it stands"
    )


def test_a_database_that_is_only_let_go_loses_nothing() -> None:
    change = Change(
        *("google_sql_database.this[0]", "google_sql_database", "this", 0, "destroy"),
        before={"name": "site", "deletion_policy": "ABANDON"},
    )
    assert words.warning(change, NOUNS) == ""


@pytest.mark.parametrize(
    ("case", "text"),
    [
        ("create", "2 to create, nothing to destroy."),
        ("drift", "1 to create, 1 to change, nothing to destroy."),
        ("replace", "1 to destroy and make anew."),
        ("destroy", "2 to destroy."),
        ("imported", "1 to take over, nothing to destroy."),
        ("moved", "1 to rename, nothing to destroy."),
        ("forgotten", "1 to leave alone, nothing to destroy."),
        ("no_op", "Nothing changes."),
    ],
)
def test_the_sum(case: str, text: str) -> None:
    assert words.summary(plan(recorded(case))) == text


@pytest.mark.parametrize(
    ("before", "after", "text"),
    [
        (None, "a", "x: nothing → a"),
        (["a"], ["a", "b"], "x: a → a, b"),
        (True, False, "x: true → false"),
        ({"a": 1}, [], 'x: {"a": 1} → nothing'),
        ("a\n b", "c", "x: a b → c"),
    ],
)
def test_values(before: object, after: object, text: str) -> None:
    assert words.words(Field(("x",), before, after)) == text


def test_a_long_value_is_cut() -> None:
    assert len(words.value("a" * 500)) == words.LONGEST
