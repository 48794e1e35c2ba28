"""How a failure is told: to a person on stderr, to a program as JSON, to us as a report."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from nuages import __version__
from nuages.errors import NuagesError
from nuages.text import redacted


def explain(error: NuagesError, *, as_json: bool) -> int:
    """Tell what is wrong, where, and what to do; return the exit code of its class."""
    if as_json:
        print(json.dumps({**error.told, "error": document(error)}, indent=2))
    else:
        _print(error)
    return error.exit_code


def document(error: NuagesError) -> dict[str, object]:
    """The error as plain data."""
    where = error.location
    return {
        "reason": error.reason,
        "message": redacted(error.message),
        "hint": redacted(error.hint),
        "location": {"path": where.path, "line": where.line, "column": where.column}
        if where
        else None,
        "detail": redacted(error.detail),
        "exit_code": error.exit_code,
    }


def _print(error: NuagesError) -> None:
    from rich.markup import escape

    from nuages.cli.output import stderr

    where = f"{error.location}: " if error.location else ""
    stderr.print(f"[bold red]error[/]: {escape(where + redacted(error.message))}")
    if error.detail:
        stderr.print(escape(redacted(error.detail)), style="dim", highlight=False)
    if error.hint:
        stderr.print(f"[bold]help[/]: {escape(redacted(error.hint))}")


def broken_pipe() -> int:
    """The reader of our output has gone (``nuages … | head``): that is not an error."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def report_bug(error: Exception) -> int:
    """Say where the traceback of an unexpected error is."""
    print(
        f"error: {type(error).__name__}: {redacted(str(error))}\n"
        f"This is a bug in Nuages, not a mistake of yours. The details are in {kept(error)}; "
        "please attach that file to a report.",
        file=sys.stderr,
    )
    return 1


def kept(error: Exception) -> str:
    """Keep the traceback of an unexpected error in a file, and return its path."""
    import platform
    import tempfile
    import traceback

    lines = [
        f"nuages {__version__}, Python {platform.python_version()}, {platform.platform()}",
        f"argv: {sys.argv[1:]}",
        "",
        redacted("".join(traceback.format_exception(error))),
    ]
    handle, name = tempfile.mkstemp(prefix="nuages-", suffix=".log")
    os.close(handle)
    Path(name).write_text("\n".join(lines), encoding="utf-8")
    return name
