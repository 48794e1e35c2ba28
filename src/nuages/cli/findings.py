"""Findings on a terminal: by file, each with its line and what to write instead."""

from __future__ import annotations

from itertools import groupby

from rich.markup import escape

from nuages.checks.finding import SEVERITIES, Finding
from nuages.checks.formats.document import counts
from nuages.checks.production import Production
from nuages.checks.runner import Report
from nuages.cli.output import stdout

_STYLES = {"error": "bold red", "warning": "yellow", "info": "cyan"}
_NOUNS = {"error": "error", "warning": "warning", "info": "note"}


def show(report: Report, production: Production) -> None:
    """Print every finding, file by file, and how many there are."""
    by_file = sorted(report.findings, key=_place)
    for path, found in groupby(by_file, key=lambda finding: finding.location.path):
        stdout.print(f"[bold]{escape(path)}[/]")
        lines = production.text(path).splitlines()
        for finding in found:
            _one(finding, lines)
        stdout.print()
    stdout.print(summary(report), style="bold", markup=False)


def _place(finding: Finding) -> tuple[str, int, int, str]:
    where = finding.location
    return where.path, where.line, SEVERITIES.index(finding.severity), finding.rule.id


def _one(finding: Finding, lines: list[str]) -> None:
    where = finding.location
    place = f"{where.line}:{where.column}" if where.column else f"{where.line}"
    style = _STYLES[finding.severity]
    head = f"[{style}]{finding.severity:<7}[/] [bold]{finding.rule.id}[/]"
    stdout.print(f"  {place:<7} {head}  {escape(finding.message)}")
    shown = where.line > 1 or where.column  # a first line without a column stands for the file
    if shown and where.line <= len(lines) and lines[where.line - 1].strip():
        stdout.print(f"          [dim]│ {escape(lines[where.line - 1].strip()[:100])}[/]")
    stdout.print(f"          [green]fix[/] {escape(finding.fix)}")
    if finding.repaired:
        stdout.print("          [dim]the cloud settings repair it in what Nuages deploys[/]")


def summary(report: Report) -> str:
    """How much was found, in one line."""
    found = counts(report)
    parts = [_many(found[each], _NOUNS[each]) for each in SEVERITIES if found[each]]
    said = ", ".join(parts) or "Nothing to mend"
    more = [f"{len(report.suppressed)} suppressed"] if report.suppressed else []
    more += [f"{len(report.known)} in the baseline"] if report.known else []
    more += [f"{len(report.rules)} rules"]
    hint = "; `nuages check --explain ID` says more" if parts else ""
    return f"{said} ({', '.join(more)}){hint}."


def _many(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
