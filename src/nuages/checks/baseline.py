"""The findings that an old project had when it began to check: known, and not reported again.

A finding is known again by its rule, its file, its line's text and its message without the
numbers, so that it may move; as often as the baseline has it, and not once more.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from nuages.checks.finding import Finding
from nuages.checks.production import Production
from nuages.errors import UsageError
from nuages.text import Location

_NUMBER = re.compile(r"\d+")
VERSION = 1


def fingerprint(finding: Finding, production: Production) -> str:
    """What stays of a finding when lines are added above it."""
    where = finding.location
    lines = (production.text(where.path)).splitlines()
    text = lines[where.line - 1].strip() if 0 < where.line <= len(lines) else ""
    parts = (finding.rule.id, where.path, text, _NUMBER.sub("0", finding.message))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Baseline:
    """Fingerprints, each as often as it stands there."""

    known: Counter[str]

    def split(
        self, findings: Iterable[Finding], production: Production
    ) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
        """The findings that are new, and those that the baseline has."""
        left = self.known.copy()
        new: list[Finding] = []
        old: list[Finding] = []
        for finding in findings:
            mark = fingerprint(finding, production)
            (old if left[mark] > 0 else new).append(finding)
            left[mark] -= 1
        return tuple(new), tuple(old)


def written(findings: Iterable[Finding], production: Production) -> str:
    """The findings as the text of a baseline file."""
    return json.dumps(
        {"version": VERSION, "findings": list(_entries(findings, production))}, indent=2
    )


def _entries(findings: Iterable[Finding], production: Production) -> Iterator[dict[str, str]]:
    for finding in findings:
        yield {
            "rule": finding.rule.id,
            "path": finding.location.path,
            "message": finding.message,
            "fingerprint": fingerprint(finding, production),
        }


def read(text: str, path: str) -> Baseline:
    """Read a baseline file. Raises ``UsageError`` for a text that is none."""
    try:
        entries = json.loads(text)["findings"]
        return Baseline(Counter(entry["fingerprint"] for entry in entries))
    except (ValueError, KeyError, TypeError) as error:
        raise UsageError(
            f"is no baseline of Nuages: {error}",
            hint="Write it again with --write-baseline.",
            location=Location(path),
        ) from error
