"""SARIF 2.1.0, for code scanning.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from nuages import __version__
from nuages.checks.baseline import fingerprint
from nuages.checks.catalogue import TOPICS, topic_of
from nuages.checks.finding import Finding
from nuages.checks.production import Production
from nuages.checks.rule import Rule
from nuages.checks.runner import Report

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_LEVELS = {"error": "error", "warning": "warning", "info": "note"}


def sarif(report: Report, production: Production, folder: str = "") -> dict[str, Any]:
    """One run with every rule that ran, and a result for each finding, suppressed ones marked.

    ``folder`` is the project's in the repository, with a ``/`` at its end.
    """
    numbers = {rule.id: number for number, rule in enumerate(report.rules)}
    driver = {
        "name": "nuages",
        "semanticVersion": __version__,
        "rules": [_rule(rule) for rule in report.rules],
    }
    results = [_result(finding, numbers, production, folder) for finding in report.findings]
    results += [
        {**_result(finding, numbers, production, folder), "suppressions": [{"kind": "inSource"}]}
        for finding in report.suppressed
    ]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "name": rule.title,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.why},
        "help": {"text": rule.fix, "markdown": rule.fix},
        "helpUri": rule.url,
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {"tags": [TOPICS[topic_of(rule.id)][1]]},
    }


def _result(
    finding: Finding, numbers: dict[str, int], production: Production, folder: str
) -> dict[str, Any]:
    where = finding.location
    region = {"startLine": where.line}
    if where.column:
        region["startColumn"] = where.column
    place = {"artifactLocation": {"uri": quote(folder + where.path)}, "region": region}
    return {
        "ruleId": finding.rule.id,
        "ruleIndex": numbers[finding.rule.id],
        "level": _LEVELS[finding.severity],
        "message": {"text": f"{finding.message}. {finding.fix}"},
        "locations": [{"physicalLocation": place}],
        "partialFingerprints": {"nuages/v1": fingerprint(finding, production)},
    }
