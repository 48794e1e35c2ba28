"""Command lines of git: which commit is being released, and whether there is more than that.

Source: https://git-scm.com/docs.
"""

from __future__ import annotations

Argv = tuple[str, ...]


def commit() -> Argv:
    """Print the id of the commit that is checked out."""
    return ("git", "rev-parse", "--verify", "HEAD")


def dirty() -> Argv:
    """Print a line for each file here that differs from that commit; nothing when none does."""
    return ("git", "status", "--porcelain", "--untracked-files=normal", "--", ".")


def subject() -> Argv:
    """Print the first line of that commit's message."""
    return ("git", "log", "-1", "--format=%s")
