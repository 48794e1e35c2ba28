"""A plan as people and programs are told it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from changes.recording import NAMES, recorded

from nuages.changes.reading import plan
from nuages.cli import planned
from nuages.cli.prepared import Prepared
from nuages.deploy.draft import Draft
from nuages.deploy.forecast import Forecast
from nuages.steps.configuration import Configuration
from nuages.targets.cloud_run.nouns import NOUNS

ABOUT = Prepared(
    site="my-site",
    environment="production",
    provider="cloud_run",
    region="europe-west1",
    account="my-project",
    configuration=Configuration("my-project-nuages", "my-site", {}),
    draft=Draft(Path("nowhere"), "infrastructure", ("Look here.",)),
    capacity={"words": "3 of 100", "fits": False},
    cost={"monthly": {"low": 1.0, "expected": 2.4, "high": 9.0}, "dated": "2026-11-21"},
    release=({"title": "Build", "steps": []}, {"title": "Shift", "steps": []}),
)


def told(case: str, capsys: pytest.CaptureFixture[str], *, first: bool = False) -> str:
    planned.show(Forecast(plan(recorded(case)), first), ABOUT, NOUNS)
    return capsys.readouterr().out


def test_what_is_destroyed_is_told_first_and_loudest(capsys: pytest.CaptureFixture[str]) -> None:
    lines = told("destroy", capsys).splitlines()
    assert lines[3] == "DESTROYED: 2, 2 of them WITH DATA"
    assert lines[4].startswith("  - the PostgreSQL 17 database server my-site-ab12")
    assert "EVERY ROW of the site, with the server's own backups, is lost" in lines[5]
    assert lines[6] == "      because it is no longer in the configuration"


def test_a_replacement_says_why(capsys: pytest.CaptureFixture[str]) -> None:
    text = told("replace", capsys)
    assert "DESTROYED: 1, 1 of them WITH DATA" in text
    assert (
        "and made anew, because this cannot be changed in place: region: europe-west1 → us-central1"
        in text
    )


def test_what_changes_stands_under_its_subject(capsys: pytest.CaptureFixture[str]) -> None:
    text = told("update", capsys)
    assert "DESTROYED" not in text
    assert (
        "Database\n  ~ the PostgreSQL 17 database server my-site-ab12 (db-custom-1-3840, 10 GB)"
        "  google_sql_database_instance.this[0]\n"
        "      settings.database_flags.max_connections: 50 → 100\n"
        "      settings.tier: db-f1-micro → db-custom-1-3840\n"
    ) in text


def test_drift(capsys: pytest.CaptureFixture[str]) -> None:
    text = told("drift", capsys)
    assert "Changed by others since the last time, and brought back" in text
    assert "somebody removed it" in text


def test_what_it_takes_stands_beside(capsys: pytest.CaptureFixture[str]) -> None:
    text = told("no_op", capsys, first=True)
    assert "Nothing is there yet: no state in the bucket my-project-nuages." in text
    assert "! Look here." in text
    assert "Nothing changes." in text
    assert "Database: 3 of 100: TOO MANY" in text
    assert "Cost: about $2 a month ($1 to $9), prices of 2026-11-21" in text
    assert "A release: Build → Shift" in text


@pytest.mark.parametrize("case", NAMES)
def test_the_same_is_told_as_data(case: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = Forecast(plan(recorded(case)), first=False)
    said = json.loads(json.dumps(planned.document(found, ABOUT, NOUNS)))
    text = told(case, capsys)
    assert said["changed"] is found.plan.changed
    assert said["summary"] in text
    for change in said["changes"]:
        assert change["words"] in text or change["subject"] == "Accounts and rights"
        assert change["because"] in text or not change["fields"]
    assert "planted" not in text + json.dumps(said)
