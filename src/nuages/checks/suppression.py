"""Findings that somebody decided to live with, and why.

In the file, on the line of the finding or on a comment line right above it:

    DEBUG = True  # nuages: ignore[SEC001] a demonstration that holds no data

In nuages.yaml, under ``checks: ignore:``, with a rule, perhaps a path, and a reason.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from nuages.checks.finding import Finding
from nuages.checks.production import Production
from nuages.text import Location

MARK = "nuages: ignore"
_COMMENT = re.compile(r"(?:#|//|--)\s*nuages: ignore(?:\[(?P<rules>[^\]]*)\])?(?P<reason>.*)")


@dataclass(frozen=True)
class Suppression:
    """One decision, for one rule or, inline, for a few."""

    rules: tuple[str, ...]
    reason: str
    location: Location
    path: str
    """A pattern of paths; inline the file itself."""
    lines: tuple[int, ...] = ()
    """Where it holds; empty: in the whole file."""

    def covers(self, finding: Finding) -> bool:
        """Whether a finding is what it is about."""
        return (
            finding.rule.id in self.rules
            and fnmatch.fnmatchcase(finding.location.path, self.path)
            and (not self.lines or finding.location.line in self.lines)
        )


def inline(text: str, path: str) -> Iterator[Suppression]:
    """The suppressions in one file's comments."""
    if MARK not in text:
        return
    lines = text.splitlines()
    for number, line in enumerate(lines, 1):
        match = _COMMENT.search(line)
        if match is None:
            continue
        rules = tuple(part.strip() for part in (match["rules"] or "").split(",") if part.strip())
        reason = match["reason"].strip(" -:—*/")
        where = Location(path, number, match.start() + 1)
        alone = not line[: match.start()].strip()
        escaped = re.sub(r"([*?[])", r"[\1]", path)
        yield Suppression(
            rules, reason, where, escaped, (number, number + 1) if alone else (number,)
        )


def configured(production: Production) -> Iterator[Suppression]:
    """The suppressions in nuages.yaml."""
    section = production.config.manifest(production.environment).checks
    for number, entry in enumerate((section.ignore if section else None) or ()):
        where = production.config_at("checks", "ignore", number)
        yield Suppression((entry.rule,), entry.reason or "", where, entry.path or "*")


def suppressions(production: Production, findings: Iterable[Finding]) -> tuple[Suppression, ...]:
    """Every suppression in the files that were read, and in nuages.yaml."""
    read = {*production.tree.read_paths, *production.edited.read_paths}
    paths = {f.location.path for f in findings} | read
    texts = ((path, production.text(path)) for path in sorted(paths))
    found = [each for path, text in texts for each in inline(text, path)]
    return (*found, *configured(production))
