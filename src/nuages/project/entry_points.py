"""The WSGI and ASGI applications, and which settings module they and manage.py name."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from nuages.project.facts import EntryPoint, Evidence, Fact, Problem
from nuages.project.python_source import Sources, calls, last_name, literal, parsed
from nuages.text import Location

VARIABLE = "DJANGO_SETTINGS_MODULE"
_WSGI = re.compile(r"get_wsgi_application|WSGIHandler")
_ASGI = re.compile(
    r"get_asgi_application|ASGIHandler|ProtocolTypeRouter|get_default_application|get_channel_layer"
)
_MAKERS = {"get_wsgi_application", "WSGIHandler"}
_ASGI_MAKERS = {"get_asgi_application", "ProtocolTypeRouter", "get_default_application"}
_FILES = {
    "wsgi": ("wsgi.py", "app.py", "application.py", "server.py", "main.py", "passenger_wsgi.py"),
    "asgi": ("asgi.py", "routing.py", "app.py", "application.py", "server.py", "main.py"),
}


@dataclass(frozen=True)
class Naming:
    """A file that says which settings to use when nobody else does."""

    module: str | None
    """None when it is computed in a way that cannot be read."""
    evidence: Evidence
    assigned: bool = False
    """Written with ``=``, which overrules the environment."""


def naming(path: str, text: str, variable: str = VARIABLE) -> Naming | None:
    """What a Python file does to ``DJANGO_SETTINGS_MODULE``, the last statement first."""
    if variable not in text:
        return None
    tree = parsed(text, path)
    if isinstance(tree, Problem):
        return _by_text(path, text, variable)
    found = [*_defaults(path, tree, variable), *_assignments(path, tree, variable)]
    return found[-1] if found else None


def _defaults(path: str, tree: ast.Module, variable: str) -> Iterator[Naming]:
    for call in calls(tree, "setdefault", "putenv"):
        if len(call.args) > 1 and literal(call.args[0]) == variable:
            value = default_text(call.args[1], tree)
            yield Naming(value, _evidence(path, call), last_name(call.func) == "putenv")


def _assignments(path: str, tree: ast.Module, variable: str) -> Iterator[Naming]:
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Subscript)):
            continue
        if literal(node.targets[0].slice) == variable:
            assigned = not _reads(node.value, variable)
            yield Naming(default_text(node.value, tree), _evidence(path, node), assigned)


def _reads(node: ast.expr, variable: str) -> bool:
    """``os.environ["X"] = os.environ.get("X", "…")`` keeps what the environment says."""
    return any(literal(child) == variable for child in ast.walk(node))


def _by_text(path: str, text: str, variable: str) -> Naming | None:
    match = re.search(rf"{variable}['\"]\s*,\s*['\"]([\w.]+)['\"]", text)
    if match is None:
        return None
    line = text.count("\n", 0, match.start()) + 1
    return Naming(match[1], Evidence(Location(path, line), f"{VARIABLE} = {match[1]}"))


def default_text(node: ast.expr, tree: ast.AST | None = None) -> str | None:
    """The text an expression gives when the environment is empty.

    A literal, a name bound to one, a conditional's last branch, or the default in
    ``os.environ.get("X", "…")``, ``config("X", default="…")`` and their like.
    """
    if isinstance(node, ast.Call):
        default = next((k.value for k in node.keywords if k.arg == "default"), None)
        inner = default or (node.args[1] if len(node.args) > 1 else None)
        return default_text(inner, tree) if inner is not None else None
    if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.Or):
        return default_text(node.values[-1], tree)
    if isinstance(node, ast.IfExp):
        return default_text(node.orelse, tree)
    if isinstance(node, ast.Name) and tree is not None:
        return _bound(node.id, tree)
    return literal(node)


def _bound(name: str, tree: ast.AST) -> str | None:
    """The value of a name that is bound once, to something that can be read."""
    values = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        and any(isinstance(t, ast.Name) and t.id == name for t in node.targets)
    ]
    return default_text(values[0], None) if len(values) == 1 else None


def _evidence(path: str, node: ast.AST) -> Evidence:
    line = getattr(node, "lineno", 0)
    column = getattr(node, "col_offset", -1) + 1
    return Evidence(Location(path, line, column), ast.unparse(node).partition("\n")[0])


def entry_points(sources: Sources, kind: str, near: tuple[str, ...]) -> list[Fact[EntryPoint]]:
    """Every application of a kind (``wsgi``, ``asgi``), those in ``near`` folders first."""
    pattern, names = (_WSGI if kind == "wsgi" else _ASGI), _FILES[kind]
    paths = [p for p in sources.tree.named(*names) if p in set(sources.own)]
    paths += [p for p in sources.own if p.endswith(f"/{kind}/__init__.py")]
    paths.sort(key=lambda p: (names.index(n) if (n := _name(p)) in names else 99, _far(p, near)))
    found = (_entry_point(sources, kind, path, pattern) for path in paths)
    return [fact for fact in found if fact is not None]


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def _far(path: str, near: tuple[str, ...]) -> int:
    folder = path.rpartition("/")[0] or "."
    return near.index(folder) if folder in near else len(near) + path.count("/")


def _entry_point(
    sources: Sources, kind: str, path: str, pattern: re.Pattern[str]
) -> Fact[EntryPoint] | None:
    text = sources.tree.read(path) or ""
    match = pattern.search(text)
    module = sources.module(path)
    if match is None or module is None:
        return None
    tree = parsed(text, path)
    attribute = "application" if isinstance(tree, Problem) else _attribute(tree, kind)
    if attribute is None:
        return None
    named = naming(path, text)
    point = EntryPoint(
        module,
        attribute,
        path,
        assigns_settings=bool(named and named.assigned),
        settings_module=named.module if named else None,
    )
    line = text.count("\n", 0, match.start()) + 1
    evidence = Evidence(Location(path, line), f"{attribute} comes from {match[0]}")
    return Fact(point, (evidence, named.evidence) if named else (evidence,))


def _attribute(tree: ast.Module, kind: str) -> str | None:
    """The name, at module level, of what the server is to call."""
    makers = _MAKERS if kind == "wsgi" else _ASGI_MAKERS
    bound: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
            if any(True for _ in calls(node.value, *makers)) or _mentions(node.value, bound):
                bound.append(name)
    bound = [name for name in bound if name in _module_names(tree)]
    for node in tree.body:  # an application that is wrapped: ``def application(environ, …)``
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == "application":
            bound += [node.name] if any(True for _ in calls(node, *makers)) else []
    preferred = [name for name in ("application", "app", kind) if name in bound]
    return (preferred or bound[-1:] or [None])[0]  # type: ignore[list-item]


def _mentions(node: ast.expr, names: list[str]) -> bool:
    return any(isinstance(child, ast.Name) and child.id in names for child in ast.walk(node))


def _module_names(tree: ast.Module) -> set[str]:
    return {
        target.id
        for statement in tree.body
        for node in ast.walk(statement)
        if isinstance(node, ast.Assign)
        and not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
