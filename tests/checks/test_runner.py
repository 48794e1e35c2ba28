"""Which rules run, what is suppressed, and how grave the rest is."""

from __future__ import annotations

import pytest
from clean_site import found, site

from nuages.checks.runner import Report, Selection, report
from nuages.errors import UsageError

ON = "DEBUG = True"


def _ids(result: Report) -> list[str]:
    return [finding.rule.id for finding in result.findings]


def test_a_longer_word_wins() -> None:
    chosen = Selection(("SEC001", "IMG"), ("SEC", "IMG002")).chosen()
    assert [rule.id for rule in chosen][:3] == ["SEC001", "IMG001", "IMG003"]


def test_an_unknown_rule_is_refused() -> None:
    with pytest.raises(UsageError, match="no rule 'SEC000'"):
        Selection(("SEC000",)).chosen()


def test_what_the_cloud_settings_repair_counts_one_level_less() -> None:
    production = site({"settings.py": ON})
    (finding,) = report(production, Selection(("SEC001",))).findings
    assert (finding.severity, finding.repaired) == ("warning", True)
    (finding,) = report(production, Selection(("SEC001",)), as_is=True).findings
    assert finding.severity == "error"


@pytest.mark.parametrize(
    "text",
    [
        f"{ON}  # nuages: ignore[SEC001] no data",
        f"# nuages: ignore[SEC001] no data\n{ON}",
        f"{ON}  # nuages: ignore[IMG001, SEC001]: no data",
    ],
)
def test_a_comment_suppresses(text: str) -> None:
    result = report(site({"settings.py": text}))
    assert _ids(result) == []
    assert [finding.rule.id for finding in result.suppressed] == ["SEC001"]


def test_a_comment_two_lines_above_is_none() -> None:
    result = report(site({"settings.py": f"# nuages: ignore[SEC001] no data\n\n{ON}"}))
    assert _ids(result) == ["SEC001", "SUP002"]


def test_a_comment_suppresses_in_a_dockerfile_and_in_yaml() -> None:
    dockerfile = (
        "# nuages: ignore[IMG001] the platform maps users\nFROM python:3.13\nRUN pip list\n"
    )
    compose = "services:\n  db:\n    image: redis  # nuages: ignore[IMG002] holds nothing\n"
    files = {"Dockerfile": dockerfile, "compose.yaml": compose}
    assert found("IMG001", files) == []
    assert found("IMG002", files) == []


def test_nuages_yaml_suppresses() -> None:
    text = "checks:\n  ignore:\n    - rule: SEC001\n      path: shop/*\n      reason: no data\n"
    result = report(site({"nuages.yaml": text, "settings.py": ON}), Selection(("SEC", "SUP")))
    assert _ids(result) == []
    elsewhere = text.replace("shop/*", "orders/*")
    result = report(site({"nuages.yaml": elsewhere, "settings.py": ON}), Selection(("SEC", "SUP")))
    assert _ids(result) == ["SEC001", "SUP002"]
    assert result.findings[-1].location.line == 3


def test_only_a_rule_that_ran_can_be_unused() -> None:
    text = "DEBUG = False  # nuages: ignore[SEC001] no data"
    assert _ids(report(site({"settings.py": text}), Selection(("IMG", "SUP")))) == []
