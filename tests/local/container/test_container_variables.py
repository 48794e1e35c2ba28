from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nuages.local.container.project import KEY, Project, name_of
from nuages.local.container.variables import dotenv


@pytest.mark.parametrize(
    ("value", "line"),
    [
        ("plain", "A='plain'\n"),
        ("costs 5$ {x}", "A='costs 5$ {x}'\n"),
        ('say "yes"', "A='say \"yes\"'\n"),
        ("it's $5", 'A="it\'s \\$5"\n'),
        ("two\nlines", 'A="two\\nlines"\n'),
        ("back\\slash", 'A="back\\\\slash"\n'),
    ],
)
def test_compose_is_told_not_to_expand(value: str, line: str) -> None:
    assert dotenv({"A": value}) == line


@given(st.text())
def test_each_variable_is_one_line(value: str) -> None:
    line = dotenv({"A": value.replace("\x0b", "").replace("\x0c", "")})
    assert line.count("\n") == 1


def test_two_folders_of_one_name_do_not_meet(tmp_path: Path) -> None:
    assert name_of(tmp_path / "a" / "site") != name_of(tmp_path / "b" / "site")


def test_a_name_lasts_as_long_as_the_password_of_its_database(tmp_path: Path) -> None:
    key = tmp_path / ".nuages" / KEY
    key.parent.mkdir()
    key.write_text("one")
    before = name_of(tmp_path)
    assert name_of(tmp_path) == before
    key.write_text("two")
    assert name_of(tmp_path) != before


def test_compose_is_always_given_its_project_and_file(tmp_path: Path) -> None:
    argv = Project(tmp_path, {}).argv("up")
    assert argv[:4] == ("docker", "compose", "--project-name", name_of(tmp_path))
    assert str(tmp_path / ".nuages/compose.yaml") in argv
    assert argv[-1] == "up"
