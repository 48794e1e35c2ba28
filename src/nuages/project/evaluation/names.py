"""Which names a piece of Python may assign or change, read from its syntax tree alone."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

LEAVES = (ast.Return, ast.Raise, ast.Break, ast.Continue)


def assigned(nodes: Iterable[ast.AST]) -> frozenset[str]:
    """Return the names that statements bind, delete, or change through a method or an item."""
    found: set[str] = set()
    for node in walk(nodes):
        found.update(_names(node))
    return frozenset(found)


def leaves(nodes: Iterable[ast.AST]) -> bool:
    """Tell whether control may leave these statements by return, raise, break or continue."""
    return any(isinstance(node, LEAVES) for node in walk(nodes))


def raises_last(nodes: list[ast.stmt]) -> bool:
    """Tell whether a block ends by raising or by leaving the process."""
    if not nodes:
        return False
    last = nodes[-1]
    if isinstance(last, ast.Expr) and isinstance(last.value, ast.Call):
        return ast.unparse(last.value.func) in ("sys.exit", "exit", "quit", "os._exit")
    return isinstance(last, ast.Raise)


def walk(nodes: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """Walk statements and expressions, but not into functions, whose bodies run elsewhere."""
    stack = list(nodes)
    while stack:
        node = stack.pop()
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            stack.extend(ast.iter_child_nodes(node))


def _names(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store | ast.Del):
        yield node.id
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.Import | ast.ImportFrom):
        yield from (alias.asname or alias.name.partition(".")[0] for alias in node.names)
    elif isinstance(node, ast.ExceptHandler) and node.name:
        yield node.name
    elif isinstance(node, ast.Subscript | ast.Attribute):
        root = _root(node)
        changes = not isinstance(node.ctx, ast.Load) or (
            isinstance(node, ast.Attribute) and node.attr in CHANGES
        )
        if root and changes:
            yield root


CHANGES = frozenset(
    {"append", "extend", "insert", "remove", "pop", "update", "setdefault", "add", "clear"}
    | {"discard", "sort", "reverse", "popitem"}
)


def _root(node: ast.AST) -> str | None:
    while isinstance(node, ast.Subscript | ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None
