"""What holds for every rule: its declaration, its examples, its silence on clean projects."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from clean_site import CLEAN, Files, site

from nuages.checks.catalogue import TOPICS, rules, topic_of
from nuages.checks.finding import SEVERITIES
from nuages.checks.rule import Rule
from nuages.checks.runner import report
from nuages.model import SettingsOverlay

RULES = pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.id)


def _ids(rule: Rule, files: Files) -> set[str]:
    return {f.rule.id for f in report(site(files, base=rule.site), as_is=True).findings}


STATIC = [rule for rule in rules() if topic_of(rule.id) != "deep"]


@pytest.mark.parametrize("rule", STATIC, ids=lambda rule: rule.id)
def test_its_mistake_is_found(rule: Rule) -> None:
    assert rule.id in _ids(rule, rule.mistake)


@RULES
def test_its_fix_is_clean(rule: Rule) -> None:
    assert rule.id not in _ids(rule, rule.fixed)


@pytest.mark.parametrize("base", CLEAN)
def test_a_clean_project_has_no_findings(base: str) -> None:
    findings = report(site(base=base), as_is=True).findings
    assert [f"{f.rule.id} {f.location}: {f.message}" for f in findings] == []


@RULES
def test_it_is_declared_in_full(rule: Rule) -> None:
    prefix = TOPICS[topic_of(rule.id)][0]
    assert re.fullmatch(rf"{prefix}\d{{3}}", rule.id)
    assert rule.severity in SEVERITIES
    assert rule.url.startswith("https://")
    assert not rule.title.endswith(".")
    assert rule.why.endswith(".")
    assert rule.fix.endswith((".", "`"))
    assert rule.mistake != rule.fixed
    flags = {"", "always", *SettingsOverlay.__dataclass_fields__}
    assert rule.repaired_by in flags


@RULES
def test_it_stands_in_its_topic(rule: Rule) -> None:
    assert topic_of(rule.id) in rule.function.__module__.split(".")


@RULES
def test_its_findings_have_a_place_in_a_file_and_a_fix(rule: Rule) -> None:
    production = site(rule.mistake, base=rule.site)
    for finding in report(production, as_is=True).findings:
        if finding.rule is rule:
            path = finding.location.path
            absent = path not in production.tree.files
            assert finding.location.line
            assert finding.fix
            assert finding.message
            assert not absent or rule.mistake.get(path, "") is None or path == "nuages.yaml"


def test_ids_are_unique() -> None:
    assert [i for i, count in Counter(rule.id for rule in rules()).items() if count > 1] == []
