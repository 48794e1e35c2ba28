"""Which fields an app's migrations give to each model, as Django's own state would have it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nuages.checks.sources.migrations import Migration, Operation
from nuages.project.python_source import keyword, last_name, literal

_ELSEWHERE = frozenset(
    {"RunPython", "RunSQL", "AddIndex", "RemoveIndex", "RenameIndex", "AddConstraint"}
    | {"RemoveConstraint", "AlterConstraint", "AlterField", "AlterModelOptions", "AlterModelTable"}
    | {"AlterModelTableComment", "AlterUniqueTogether", "AlterIndexTogether"}
    | {"AlterModelManagers", "AlterOrderWithRespectTo", "AddIndexConcurrently"}
    | {"RemoveIndexConcurrently", "AddConstraintNotValid", "ValidateConstraint"}
)
"""Operations that neither add nor take away a field."""


class UnclearError(Exception):
    """The migrations do something whose effect cannot be read."""


def fields(app: list[Migration]) -> dict[str, set[str]] | None:
    """The fields of each model, by its name in lower case; None where that is not certain."""
    found: dict[str, set[str]] = {}
    replaced = {name for each in app for _, name in each.replaces}
    try:
        for migration in sorted(app, key=lambda each: each.name):
            if migration.name not in replaced:
                for operation in _of_state(migration, migration.attribute("operations")):
                    _apply(found, operation)
    except UnclearError:
        return None
    return found


def _of_state(migration: Migration, node: ast.expr | None) -> Iterator[Operation]:
    if node is None:
        return
    if not isinstance(node, ast.List | ast.Tuple):
        raise UnclearError
    for item in node.elts:
        if not isinstance(item, ast.Call):
            raise UnclearError
        if last_name(item.func) == "SeparateDatabaseAndState":
            second = item.args[1] if len(item.args) > 1 else None
            yield from _of_state(migration, keyword(item, "state_operations") or second)
        else:
            yield Operation(last_name(item.func), item, migration.file.at(item))


def _apply(found: dict[str, set[str]], operation: Operation) -> None:
    kind, model = operation.kind, operation.model.lower()
    if kind in _ELSEWHERE or kind.endswith("Extension"):
        return
    if kind == "CreateModel":
        found[model] = set(_created(operation))
    elif kind == "DeleteModel":
        found.pop(model, None)
    elif kind == "RenameModel":
        old, new = operation.text("old_name", 0).lower(), operation.text("new_name", 1).lower()
        found[new] = found.pop(old, set())
    elif kind in {"AddField", "RemoveField", "RenameField"} and model in found:
        old = operation.text("old_name", 1) or operation.text("name", 1)
        new = operation.text("new_name", 2) if kind == "RenameField" else old
        found[model].discard(old)
        found[model] |= {new} if kind != "RemoveField" else set()
    else:
        raise UnclearError


def _created(operation: Operation) -> Iterator[str]:
    said = operation.argument("fields", 1)
    if not isinstance(said, ast.List | ast.Tuple):
        raise UnclearError
    for pair in said.elts:
        name = literal(pair.elts[0]) if isinstance(pair, ast.Tuple) and pair.elts else None
        if name is None:
            raise UnclearError
        yield name
