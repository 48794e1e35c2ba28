"""Edits applied to texts: what ``--fix`` would write, and nothing where that is not certain."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from nuages.checks.edit import Assign, Edit, Replace
from nuages.checks.production import Production

if TYPE_CHECKING:
    import libcst


def fixed(edits: Iterable[Edit], production: Production) -> dict[str, str]:
    """The new text of every file that an edit changes."""
    texts: dict[str, str] = {}
    # From the last line up, so that a line keeps its number until it is its turn.
    ordered = sorted(dict.fromkeys(edits), key=lambda e: -e.line if isinstance(e, Replace) else 1)
    for edit in ordered:
        before = texts.get(edit.path, production.text(edit.path))
        after = applied(edit, before)
        if after is not None and after != before:
            texts[edit.path] = after
    return texts


def applied(edit: Edit, text: str) -> str | None:
    """The text after one edit; None where it does not fit."""
    if isinstance(edit, Assign):
        return _assigned(edit, text)
    lines = text.splitlines(keepends=True)
    if not 0 < edit.line <= len(lines) or lines[edit.line - 1].count(edit.old) != 1:
        return None
    lines[edit.line - 1] = lines[edit.line - 1].replace(edit.old, edit.new)
    return "".join(lines)


def _assigned(edit: Assign, text: str) -> str | None:
    """The module with a setting set; None where it is set under a condition or in a class."""
    import libcst

    try:
        module = libcst.parse_module(text)
    except libcst.ParserSyntaxError:
        return None
    found = [
        line
        for line in module.body
        if isinstance(line, libcst.SimpleStatementLine) and _target(line, edit.name)
    ]
    if not found:
        return None if _mentioned(module, edit.name) else _appended(edit, module)
    statement = found[-1].body[0]
    value = libcst.parse_expression(edit.value)
    changed = module.deep_replace(statement, statement.with_changes(value=value))
    return changed.code if isinstance(changed, libcst.Module) else None


def _target(line: libcst.SimpleStatementLine, name: str) -> bool:
    import libcst

    statement = line.body[0]
    if len(line.body) > 1:
        return False
    if isinstance(statement, libcst.Assign):
        targets = [target.target for target in statement.targets]
        return (
            len(targets) == 1 and isinstance(targets[0], libcst.Name) and targets[0].value == name
        )
    if isinstance(statement, libcst.AnnAssign) and statement.value is not None:
        return isinstance(statement.target, libcst.Name) and statement.target.value == name
    return False


def _mentioned(module: libcst.Module, name: str) -> bool:
    import libcst.matchers

    return bool(libcst.matchers.findall(module, libcst.matchers.Name(name)))


def _appended(edit: Assign, module: libcst.Module) -> str:
    text = module.code
    newline = module.default_newline
    end = "" if not text or text.endswith(("\n", "\r")) else newline
    return f"{text}{end}{edit.name} = {edit.value}{newline}"
