"""A report as plain data, for ``--json``."""

from __future__ import annotations

from collections import Counter
from typing import Any

from nuages.checks.finding import SEVERITIES, Finding
from nuages.checks.runner import Report


def document(report: Report, *, failed: bool) -> dict[str, Any]:
    """Everything that was found, the gravest first, and how much of each severity."""
    return {
        "failed": failed,
        "summary": counts(report),
        "findings": [_finding(each) for each in report.findings],
        "suppressed": [_finding(each) for each in report.suppressed],
        "known": len(report.known),
        "rules": len(report.rules),
    }


def counts(report: Report) -> dict[str, int]:
    """How many findings there are of each severity."""
    found = Counter(finding.severity for finding in report.findings)
    return {severity: found[severity] for severity in SEVERITIES}


def _finding(finding: Finding) -> dict[str, Any]:
    where = finding.location
    return {
        "rule": finding.rule.id,
        "severity": finding.severity,
        "title": finding.rule.title,
        "message": finding.message,
        "path": where.path,
        "line": where.line,
        "column": where.column,
        "fix": finding.fix,
        "repaired": finding.repaired,
        "fixable": finding.edit is not None,
        "url": finding.rule.url,
    }
