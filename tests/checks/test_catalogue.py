"""What holds for every rule: its declaration, its examples, its silence on clean projects."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from clean_site import CLEAN, Files, site

from nuages.checks.catalogue import TOPICS, rules, topic_of
from nuages.checks.finding import SEVERITIES, Finding
from nuages.checks.production import Production
from nuages.checks.rule import Rule
from nuages.checks.runner import Selection, report
from nuages.overlay import SettingsOverlay

RULES = pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.id)


def _found(rule: Rule, files: Files) -> tuple[Production, list[Finding]]:
    """What the rule finds; whether a suppression is needed is known only when all have run."""
    production = site(files, base=rule.site)
    alone = Selection() if topic_of(rule.id) == "suppressions" else Selection((rule.id,))
    found = report(production, alone, as_is=True).findings
    return production, [each for each in found if each.rule is rule]


STATIC = [rule for rule in rules() if topic_of(rule.id) != "deep"]


@pytest.mark.parametrize("rule", STATIC, ids=lambda rule: rule.id)
def test_its_mistake_is_found(rule: Rule) -> None:
    assert _found(rule, rule.mistake)[1]


@RULES
def test_its_fix_is_clean(rule: Rule) -> None:
    assert not _found(rule, rule.fixed)[1]


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
    production, found = _found(rule, rule.mistake)
    for finding in found:
        path = finding.location.path
        absent = path not in production.tree.files
        assert finding.location.line
        assert finding.fix
        assert finding.message
        assert not absent or rule.mistake.get(path, "") is None or path == "nuages.yaml"


def test_ids_are_unique() -> None:
    assert [i for i, count in Counter(rule.id for rule in rules()).items() if count > 1] == []
