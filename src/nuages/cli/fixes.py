"""``nuages check --fix``: shows what would change, asks, writes."""

from __future__ import annotations

import codecs
import difflib
import sys
from pathlib import Path

import click
from rich.syntax import Syntax

from nuages.checks.finding import Finding
from nuages.checks.fixing import fixed
from nuages.checks.production import Production
from nuages.cli.output import stdout
from nuages.effects.files import write


def fix(findings: tuple[Finding, ...], production: Production, root: Path, *, yes: bool) -> bool:
    """Offer the safe changes; whether they were written."""
    edits = [finding.edit for finding in findings if finding.edit is not None]
    texts = fixed(edits, production)
    if not texts:
        stdout.print("Nothing here can be mended without a person's judgement.\n")
        return False
    for path, text in sorted(texts.items()):
        _show(path, production.text(path), text)
    if not _agreed(len(texts), yes=yes):
        stdout.print("Nothing was written.\n")
        return False
    for path, text in texts.items():
        _put((root / path).resolve(), text)
    stdout.print(f"Wrote {', '.join(sorted(texts))}.\n")
    return True


def _put(path: Path, text: str) -> None:
    """Write with the line ends and the byte order mark that the file has."""
    before = path.read_bytes()
    if b"\r\n" in before:
        text = text.replace("\n", "\r\n")
    mark = codecs.BOM_UTF8 if before.startswith(codecs.BOM_UTF8) else b""
    write(path, mark + text.encode(), path.stat().st_mode & 0o777)


def _show(path: str, before: str, after: str) -> None:
    lines = difflib.unified_diff(
        before.splitlines(), after.splitlines(), path, f"{path} (mended)", lineterm="", n=2
    )
    text = "\n".join(lines)
    stdout.print(Syntax(text, "diff", theme="ansi_dark", background_color="default"))


def _agreed(files: int, *, yes: bool) -> bool:
    if yes:
        return True
    if not sys.stdin.isatty():
        stdout.print("Give --yes to have it written.")
        return False
    return click.confirm(f"Write {files} {'file' if files == 1 else 'files'}?", default=False)
