"""Every option of nuages.yaml with every other, on and off, applied for real."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

import pytest
from golden_cases import PROJECTS

from nuages.config.load import load
from nuages.config.resolve import resolve
from nuages.project.detect import detect
from nuages.project.tree import Tree
from nuages.targets.cloud_run.values import values

from .conftest import KNOWN, PASSWORDS, Terraform
from .matrix import AXES, Row, every_pair, pairs, rows, yaml

ROWS = list(rows())
VERSIONS = ("6.50", "7.0")
Make = Callable[[Mapping[str, object], str], Terraform]


@cache
def _project() -> object:
    return detect(Tree.open(PROJECTS / "split_postgres"))


def _values(row: Row) -> dict[str, object]:
    environment = "staging" if row["staging"] == "on" else "production"
    said = load(yaml(row), "nuages.yaml")
    return values(resolve(_project(), said, environment=environment))  # type: ignore[arg-type]


def test_every_pair_of_options_is_in_a_row() -> None:
    assert set().union(*map(pairs, ROWS)) == every_pair()
    assert len(ROWS) <= 20


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['database']}-{row['cache']}")
def test_every_row_is_a_configuration(row: Row) -> None:
    found = _values(row)
    assert ("database" in found) == (row["database"] != "none")
    assert ("cache" in found) == (row["cache"] != "none")
    assert set(row) == set(AXES)


@pytest.mark.slow
@pytest.mark.parametrize("number", range(len(ROWS)))
def test_it_is_made_and_then_nothing_changes(terraform: Make, number: int) -> None:
    row = ROWS[number]
    here = terraform(_values(row) | KNOWN, VERSIONS[number % 2])
    if row["halves"] == "on":
        here("apply", "-auto-approve", "-input=false", "-var=released=false")
    said = here("apply", "-auto-approve", "-input=false")
    assert " 0 destroyed" in said
    assert "No changes" in here("plan", "-input=false", "-detailed-exitcode")
    for path, text in here.written().items():
        assert not any(password in text for password in PASSWORDS.values()), path
