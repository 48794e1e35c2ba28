"""What a log most likely means, and what to do about it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from nuages.local.known_causes import TABLE, Entry


@dataclass(frozen=True)
class Cause:
    """An explanation, its remedy, and what of the log it was read from."""

    code: str
    explanation: str
    remedy: str
    subject: str = ""


def likely(log: str) -> Cause | None:
    """The first cause in the table that the log shows; None when it shows none."""
    for entry in TABLE:
        matches = list(re.finditer(entry.pattern, log, re.MULTILINE))
        if matches:
            return _cause(entry, matches[-1])
    return None


def _cause(entry: Entry, match: re.Match[str]) -> Cause:
    found = match.groupdict()
    subject = next((value for value in found.values() if value), "")
    words = {"subject": subject}
    return Cause(
        entry.code, entry.explanation.format(**words), entry.remedy.format(**words), subject
    )


FOR_THE_USER = frozenset(
    {
        "missing-variable",
        "empty-setting",
        "secret-key-empty",
        "improperly-configured",
        "missing-file",
    }
)
"""Causes that only the user can mend, by giving something."""


def first_failure(log: str) -> str:
    """A server's log up to where its first worker gave up: what follows is only its end."""
    found = re.search(r"^.*(?:Worker exiting|Shutting down|HaltServer).*$", log, re.MULTILINE)
    return log[: found.start()] if found and "Traceback" in log[: found.start()] else log


def place(log: str, folder: str = "") -> str:
    """The last line of a traceback, and the last file of the project in it."""
    lines = [line for line in log.splitlines() if line.strip()]
    last = lines[-1].strip() if lines else "it printed nothing"
    frames = re.findall(rf'File "{re.escape(folder)}/([^"]+)", line (\d+)', log) if folder else []
    return f"{last} (at {frames[-1][0]}:{frames[-1][1]})" if frames else last


EXCEPTION = re.compile(r"^[A-Za-z_][\w.]*(?:Error|Exception|Warning|DoesNotExist|NotFound)\b")


_RAISED = re.compile(
    r"^[A-Za-z_][\w.]*(?:Error|Exception|Configured|Missing\w*|Invalid\w*)\b.*", re.MULTILINE
)


def mentioned(log: str, names: Iterable[str]) -> list[str]:
    """Those of some names that the exception at the end of a log names, in their order."""
    raised = [match.start() for match in _RAISED.finditer(log)]
    said = log[raised[-1] :] if raised else ""
    return [name for name in names if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", said)]


def missing_folder(log: str, folder: str) -> str | None:
    """The folder, below ``folder``, of a file that could not be opened for want of it."""
    pattern = (
        rf"FileNotFoundError: \[Errno 2\] No such file or directory: '{re.escape(folder)}/([^']+)'"
    )
    found = re.findall(pattern, log)
    written = re.search(r"open\([^\n]*[\"'][wa]b?\+?[\"'][^\n]*\n(?:[\s~^]*\n)?FileNotFound", log)
    kept = bool(found) and (written or found[-1].endswith((".log", ".txt", ".pid")))
    if not kept or "/" not in found[-1]:
        return None
    return str(found[-1].rpartition("/")[0])
