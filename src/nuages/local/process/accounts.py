"""Who a database server runs as: not root, which PostgreSQL refuses, and where it may look."""

from __future__ import annotations

import os
import pwd
from collections.abc import Iterable
from pathlib import Path

from nuages.effects.shell import Account

SHARED = Path("/var/lib/nuages")
"""Where a server's files are kept when this process is root and the server must not be."""


def server_account(names: Iterable[str] = ("postgres", "nobody")) -> Account | None:
    """The account for a server, where this process is root; else None, which is "as we are"."""
    if os.geteuid() != 0:
        return None
    for name in names:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    return Account(65534, 65534)


def is_reachable(path: Path) -> bool:
    """Tell whether any account may enter every folder above ``path`` that exists."""
    above = [parent for parent in path.parents if parent.exists()]
    return all(parent.stat().st_mode & 0o001 for parent in above)


def place(path: Path, key: str, account: Account | None) -> Path:
    """``path``, or a folder elsewhere when the account could not get there."""
    if account is None or is_reachable(path):
        return path
    return SHARED / key / path.name


def own(path: Path, account: Account | None, mode: int = 0o700) -> Path:
    """Make a folder that belongs to the account, and through which it can pass."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.mkdir(exist_ok=True, mode=mode)
    if account is not None:
        os.chown(path, account.uid, account.gid)
    return path


def take_over(folder: Path, account: Account | None) -> None:
    """Let a server's data belong to its account again, after a copy that lost the owner."""
    if account is None or not folder.is_dir() or folder.stat().st_uid == account.uid:
        return
    for path in (folder, *folder.rglob("*")):
        os.chown(path, account.uid, account.gid, follow_symlinks=False)
    folder.chmod(0o700)


def give(path: Path, account: Account | None) -> None:
    """Let a file belong to the account that a server runs as."""
    if account is not None:
        os.chown(path, account.uid, account.gid)
