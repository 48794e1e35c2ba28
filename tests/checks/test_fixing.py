"""Edits applied to texts."""

from __future__ import annotations

import pytest
from clean_site import site

from nuages.checks.edit import Assign, Replace
from nuages.checks.fixing import applied, fixed

OFF = Assign("settings.py", "DEBUG", "False")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("DEBUG = True  # why\n\nA = 1\n", "DEBUG = False  # why\n\nA = 1\n"),
        ("DEBUG: bool = True\n", "DEBUG: bool = False\n"),
        ("DEBUG = (\n    True\n)\nA = 1\n", "DEBUG = False\nA = 1\n"),
        ("DEBUG = False\nDEBUG = True\n", "DEBUG = False\nDEBUG = False\n"),
        ("A = 1", "A = 1\nDEBUG = False\n"),
        ("", "DEBUG = False\n"),
    ],
)
def test_a_setting_is_set(before: str, after: str) -> None:
    assert applied(OFF, before) == after


@pytest.mark.parametrize(
    "text",
    [
        "if X:\n    DEBUG = True\n",
        "class Production:\n    DEBUG = True\n",
        "A = DEBUG = True\n",
        "A = 1; DEBUG = True\n",
        "this is no Python\n",
    ],
)
def test_what_is_not_certain_is_left_alone(text: str) -> None:
    assert applied(OFF, text) is None


def test_a_text_is_replaced_where_it_stands_once() -> None:
    assert applied(Replace("a", 2, "x", "y"), "x\nx = 1\n") == "x\ny = 1\n"
    assert applied(Replace("a", 1, "x", "y"), "xx\n") is None
    assert applied(Replace("a", 9, "x", "y"), "x\n") is None


def test_edits_of_one_file_are_made_together_and_once() -> None:
    production = site({"a.py": "DEBUG = True\nx = 'a'\ny = 'a'\n"})
    edits = [
        Replace("a.py", 2, "'a'", "'b'"),
        Replace("a.py", 3, "'a'", "'c'"),
        Assign("a.py", "DEBUG", "False"),
        Assign("a.py", "DEBUG", "False"),
    ]
    assert fixed(edits, production) == {"a.py": "DEBUG = False\nx = 'b'\ny = 'c'\n"}
