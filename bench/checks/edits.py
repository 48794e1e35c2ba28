"""The edits of a mutation: each puts one mistake into one file, or says why it cannot.

An anchor is a piece of a line, or several whole lines; it must occur exactly once. Several lines
are found at any depth of indentation, and what replaces an anchor takes over its depth.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

KINDS = {
    frozenset({"file", "old", "new"}): "replace",
    frozenset({"file", "after", "add"}): "insert",
    frozenset({"file", "append"}): "append",
    frozenset({"file", "create"}): "create",
    frozenset({"file", "remove"}): "remove",
}


class AnchorError(ValueError):
    """An edit does not fit the file that it is for."""


def apply(edit: Mapping[str, str], root: Path) -> Path:
    """Makes the edit below ``root`` and returns the file. Raises ``AnchorError``."""
    path = root / edit["file"]
    kind = KINDS.get(frozenset(edit))
    if kind is None:
        raise AnchorError(f"{edit['file']}: no edit has the keys {sorted(edit)}")
    if (kind == "create") == path.exists():
        raise AnchorError(f"{edit['file']} should{' not' * (kind == 'create')} be there")
    if kind == "remove":
        path.unlink()
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_text(kind, edit, path), "utf-8")
    return path


def _text(kind: str, edit: Mapping[str, str], path: Path) -> str:
    if kind == "create":
        return edit["create"]
    before = path.read_text("utf-8")
    if kind == "append":
        return before + edit["append"]
    if kind == "insert":
        _, end, depth = _place(before, edit["after"], edit["file"])
        end = (before + "\n").index("\n", end)
        return before[:end] + "\n" + depth + _indented(edit["add"], depth) + before[end:]
    return _replaced(before, edit["old"], edit["new"], edit["file"])


def _replaced(text: str, old: str, new: str, name: str) -> str:
    start, end, depth = _place(text, old, name)
    line = text.rfind("\n", 0, start) + 1
    if not new.strip() and not text[line:start].strip() and text[end : end + 1] == "\n":
        return text[:line] + text[end + 1 :]
    return text[:start] + _indented(new, depth) + text[end:]


def _place(text: str, old: str, name: str) -> tuple[int, int, str]:
    """Where the only occurrence begins and ends, and its line's indentation."""
    old = old.rstrip("\n")
    found = list(_pattern(old).finditer(text))
    if len(found) != 1:
        raise AnchorError(f"{name}: {len(found)} places hold the anchor\n{old}")
    start, end = found[0].span()
    line = text.rfind("\n", 0, start) + 1
    depth = re.match(r"[ \t]*", text[line:])
    return (start + len(depth[0]) if start == line and "\n" in old else start), end, depth[0]


def _pattern(old: str) -> re.Pattern[str]:
    first, *others = old.split("\n")
    if not others:
        return re.compile(re.escape(old))
    rest = "".join(rf"\n(?P=depth){re.escape(line)}" if line else r"\n" for line in others)
    return re.compile(rf"^(?P<depth>[ \t]*){re.escape(first)}{rest}$", re.M)


def _indented(new: str, depth: str) -> str:
    first, *others = new.rstrip("\n").split("\n")
    return "\n".join([first, *(depth + line if line else "" for line in others)])
