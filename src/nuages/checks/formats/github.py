"""GitHub's annotations: one workflow command for each finding.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

from collections.abc import Iterator

from nuages.checks.finding import Finding

_COMMANDS = {"error": "error", "warning": "warning", "info": "notice"}


def commands(findings: tuple[Finding, ...], folder: str = "") -> Iterator[str]:
    """``::error file=…,line=…,title=…::message``, a line for each finding.

    ``folder`` is the project's in the repository, with a ``/`` at its end.
    """
    for finding in findings:
        where = finding.location
        column = f",col={where.column}" if where.column else ""
        title = _property(f"{finding.rule.id}: {finding.rule.title}")
        place = f"file={_property(folder + where.path)},line={where.line}{column},title={title}"
        message = _data(f"{finding.message}. {finding.fix}")
        yield f"::{_COMMANDS[finding.severity]} {place}::{message}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
