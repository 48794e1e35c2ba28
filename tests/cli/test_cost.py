"""``nuages cost`` on the starter, as a user would ask."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from nuages import errors
from nuages.cli.app import run

ROOT = Path(__file__).parents[2]
STARTER = ROOT / "src/nuages/starter/project"
OVERLAYS = """\
environments:
  staging:
    region: us-central1
  play:
    provider: docker
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return Path(shutil.copytree(STARTER, tmp_path / "site"))


def asked(capsys: pytest.CaptureFixture[str], *words: object) -> str:
    code = run(["cost", *map(str, words)])
    said = capsys.readouterr()
    assert code == 0, said.err
    return said.out


def answered(capsys: pytest.CaptureFixture[str], *words: object) -> Any:
    return json.loads(asked(capsys, *words, "--json"))


def test_the_starter_stays_below_twenty_dollars(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for provider in ("gcp", "cloud_run"):
        said = answered(capsys, project, "--provider", provider)
        assert 0 < said["total"]["expected"] < 20
        (production,) = said["environments"]
        assert production["profile"] == "small"
        assert production["provider"] == "cloud_run"
        assert any("a shared cache" in given for given in production["gives_up"])


def test_every_line_has_its_source_and_they_add_up(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (said,) = answered(capsys, project, "--provider", "gcp")["environments"]
    for when in ("low", "expected", "high"):
        lines = sum(line["monthly"][when] for line in said["lines"])
        assert lines == pytest.approx(said["total"][when])
    assert all(line["source"]["url"].startswith("https://") for line in said["lines"])
    assert said["traffic"]["requests"]["expected"] == 500_000


def test_a_person_reads_a_table_and_plain_words(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = asked(capsys, project, "--provider", "gcp", "--requests", "1e6", "--egress", "10GB")
    assert "production, cloud_run in europe-west1, profile small" in out
    assert "Production costs about $12 a month" in out
    assert "Most of it: database" in out
    assert "1,000,000 requests of 0.1 / 0.2 / 0.3 seconds, 10 GiB that visitors load" in out
    assert "It goes without a standby of the database" in out
    assert "Prices as read on 2026-11-21" in out


def test_all_environments_and_those_elsewhere(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = project / "nuages.yaml"
    config.write_text("provider: gcp\nprofile: standard\n" + config.read_text() + OVERLAYS)
    out = asked(capsys, project)
    assert "staging, cloud_run in us-central1" in out
    assert "All 2 environments together: about $" in out
    assert "play is on a server of your own" in out
    assert "without the billing account's free allowances: production has them" in out
    assert "What halves it: " in out
    said = answered(capsys, project)
    sums = [each["total"]["expected"] for each in said["environments"]]
    assert said["total"]["expected"] == pytest.approx(sum(sums))
    (one,) = answered(capsys, project, "-e", "staging")["environments"]
    assert one["environment"] == "staging"
    assert one["traffic"]["requests"]["expected"] == 10_000
    (one,) = answered(capsys, project, "-e", "staging", "--requests", "1e6")["environments"]
    assert one["traffic"]["requests"]["expected"] == 1_000_000
    both = answered(capsys, project, "--requests", "1e6")["environments"]
    assert [e["traffic"]["requests"]["expected"] for e in both] == [1_000_000, 10_000]


def test_more_traffic_costs_more(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def total(*words: str) -> float:
        found = answered(capsys, project, "--provider", "gcp", *words)["total"]["expected"]
        assert isinstance(found, float)
        return found

    usual = total()
    assert total("--requests", "1e8") > usual
    assert total("--requests", "1e6") - total("--requests", "1e6", "--egress", "0") > 4
    assert total("--duration", "30") > usual
    assert total("--egress", "1TB") > usual
    assert total("--egress", "0") < usual
    assert total("--uploads", "100GB") > usual
    assert total("--no-free-tier") > usual


@pytest.mark.parametrize(
    ("words", "exit_code", "message"),
    [
        ((), errors.UsageError.exit_code, "nuages cost --provider cloud_run"),
        (("--egress", "much"), errors.UsageError.exit_code, "should be a size"),
        (("--requests", "-1"), errors.UsageError.exit_code, "-1"),
        (("--requests", "nan"), errors.UsageError.exit_code, "no number"),
        (("--duration", "1e400"), errors.UsageError.exit_code, "no number"),
        (("-e", "stagin"), errors.ConfigError.exit_code, "no environment 'stagin'"),
    ],
)
def test_what_is_wrong_is_said(
    project: Path,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    exit_code: int,
    message: str,
) -> None:
    assert run(["cost", str(project), *words]) == exit_code
    assert message in capsys.readouterr().err


def test_no_cloud_is_asked(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = set(sys.modules)
    asked(capsys, project, "--provider", "gcp")
    loaded = set(sys.modules) - before
    assert not [name for name in loaded if name.split(".")[0] in {"google", "httpx", "requests"}]
