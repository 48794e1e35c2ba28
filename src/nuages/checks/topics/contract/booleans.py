"""Texts that stand where a truth value belongs."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.topics.contract.known import BOOLEANS, NOT_A_SWITCH, is_switch
from nuages.checks.topics.contract.lookups import Lookup, around, lookups, of_production
from nuages.checks.topics.contract.switches import WORDS, Found, of_settings
from nuages.project.python_source import last_name

_OFF = frozenset({"false", "0", "no", "off"})


@rule(
    "CON002",
    severity="warning",
    title="The word False counts as true",
    why="A variable is always a text, and every text but the empty one is true. Who writes "
    "`DEBUG=False` or `0` turns it on.",
    symptom="DEBUG stays on although it is False; ssl.SSLError: WRONG_VERSION_NUMBER with "
    "EMAIL_USE_SSL=False.",
    fix='Compare: `os.environ.get("…", "").lower() in {"1", "true", "yes"}`, or cast: `env.bool`.',
    url="https://12factor.net/config",
    mistake={"settings.py": "import os\nEMAIL_USE_SSL = os.environ.get('EMAIL_USE_SSL', False)"},
    fixed={"settings.py": "EMAIL_USE_SSL = env.bool('EMAIL_USE_SSL', default=False)"},
)
def truthy(production: Production) -> Faults:
    seen: set[tuple[str, int]] = set()
    for name, variables, where in (*of_settings(production), *_code(production)):
        if (where.path, where.line) not in seen:
            seen.add((where.path, where.line))
            given = production.deployment.environment_variables
            off = [v for v in variables if given.get(v, "").lower() in _OFF]
            said = f"is {given[off[0]]!r}, as nuages.yaml says" if off else "says False"
            message = f"{name} counts as true even where {variables[0]} {said}"
            yield Fault(message, where, severity="error" if off else None)


def _code(production: Production) -> Iterator[Found]:
    """Lookups that are asked whether they are true, as they stand."""
    casts = {v.name: v.cast for v in production.project.contract}
    for file in of_production(production):
        for each in lookups(file):
            name = _asked(each)
            cast = each.library and casts.get(each.name) and not _is_true(production, each)
            if name and not cast:
                yield name, (each.name,), each.location


def _asked(lookup: Lookup) -> str:
    """What takes a lookup for a truth value: a setting's name, or the condition; else nothing."""
    parent = lookup.parent
    switched = _is_word(lookup.default) and not NOT_A_SWITCH.search(lookup.name)
    boolean = is_switch(lookup.name) or switched
    if isinstance(parent, ast.Assign | ast.AnnAssign):
        targets = parent.targets if isinstance(parent, ast.Assign) else [parent.target]
        names = [last_name(target) for target in targets]
        known = next((n for n in names if n in BOOLEANS and not _again(lookup, n)), "")
        inside = isinstance(targets[0], ast.Subscript) and _is_bool(lookup.default)
        return known or (lookup.name if inside else "")
    if isinstance(parent, ast.Call) and last_name(parent.func) == "bool":
        return f"bool(… {lookup.name} …)" if boolean or _target(lookup) in BOOLEANS else ""
    if not boolean:
        return ""
    if isinstance(parent, ast.keyword | ast.Dict) and _is_bool(lookup.default):
        return lookup.name
    return "The condition" if _is_tested(lookup) else ""


def _target(lookup: Lookup) -> str:
    """What the statement around assigns to."""
    for outer in around(lookup.file, lookup.node):
        if isinstance(outer, ast.Assign):
            return last_name(outer.targets[0])
    return ""


def _is_true(production: Production, lookup: Lookup) -> bool:
    """Whether the setting that it makes is True where the variable says False."""
    said = {**production.settings.evaluated.environ, lookup.name: "False"}
    return production.settings_with(said).get(_target(lookup)) is True


def _is_tested(lookup: Lookup) -> bool:
    inner: ast.AST = lookup.node
    for outer in around(lookup.file, inner):
        if isinstance(outer, ast.UnaryOp) and isinstance(outer.op, ast.Not):
            return True
        if isinstance(outer, ast.If | ast.IfExp | ast.While):
            return outer.test is inner
        if not isinstance(outer, ast.BoolOp):
            return False
        inner = outer
    return False


def _again(lookup: Lookup, name: str) -> bool:
    """Whether a setting is made of itself further down: ``DEBUG = DEBUG == "True"``."""
    return any(
        isinstance(node.ctx, ast.Store) and node.id == name and node.lineno > lookup.node.lineno
        for node in lookup.file.nodes(ast.Name)
    )


def _is_word(node: ast.expr | None) -> bool:
    text = node.value if isinstance(node, ast.Constant) else None
    return _is_bool(node) or (isinstance(text, str) and text.lower() in WORDS)


def _is_bool(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, bool)
