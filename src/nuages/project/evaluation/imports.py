"""Imports: the user's modules are evaluated, everything else is a name of a library."""

from __future__ import annotations

import ast
import re
import sys
from typing import Any

from nuages.project.evaluation.machine import Call, Machine, library, statement
from nuages.project.evaluation.namespaces import ModuleValue
from nuages.project.evaluation.signals import Broke, Continued, Raised, Returned
from nuages.project.evaluation.source import parse
from nuages.project.evaluation.state import Module, Scope
from nuages.project.evaluation.symbols import resolve
from nuages.project.evaluation.values import (
    NONE,
    NotPlain,
    Symbol,
    Value,
    origins,
    plain,
    unknown,
)
from nuages.text import Location


def path_of(machine: Machine, name: str) -> str | None:
    """Return the file of a module in the user's tree; a folder without code is ``folder/``."""
    stem = name.replace(".", "/")
    for source in machine.sources:
        prefix = "" if source in (".", "") else f"{source.strip('/')}/"
        for path in (f"{prefix}{stem}/__init__.py", f"{prefix}{stem}.py"):
            if path in machine.tree:
                return path
        if f"{prefix}{stem}" in machine.tree.folders and stem:
            return f"{prefix}{stem}/"
    return None


def load(machine: Machine, name: str, run: bool = True) -> Module | None:
    """Return a module of the user's, evaluated with its packages; None if it is not theirs."""
    if name in machine.modules:
        return machine.modules[name]
    if not run or name.count(".") > 30:
        return None
    path = path_of(machine, name)
    if path is None:
        return None
    parent = name.rpartition(".")[0]
    if parent:
        load(machine, parent)
    if name in machine.modules:
        return machine.modules[name]
    module = Module(name, path)
    machine.modules[name] = module
    if not path.endswith("/"):
        try:
            evaluate_file(machine, module, path)
        except Raised:
            machine.modules.pop(name, None)
            raise
    above = machine.modules.get(parent)
    if above is not None:
        above.names.setdefault(name.rpartition(".")[2], Value(ModuleValue(machine, module)))
    return module


def evaluate_file(machine: Machine, module: Module, path: str, names: Any = None) -> None:
    """Execute a file's statements in a module."""
    machine.files[path] = None
    text = machine.tree.read(path)
    if text is None:
        module.rest = f"{path} cannot be read"
        machine.problem("is too large, or not UTF-8", Location(path))
        return
    parsed = parse(text)
    for line, message in parsed.errors:
        machine.problem(f"cannot be parsed by this Python: {message}", Location(path, line))
    at, depth = machine.at, len(machine.calls)
    if depth > 60:
        module.rest = "imports that are nested too deeply"
        return
    machine.calls.append((machine.at[0] if machine.at else parsed.tree, module))
    try:
        machine.run(parsed.tree.body, Scope(module, module.names if names is None else names))
    except (Broke, Continued, Returned):
        module.rest = f"{path} is not valid Python"
        machine.problem("leaves a loop or a function outside of it", Location(path))
    finally:
        del machine.calls[depth:]
        machine.at = at
    for name in parsed.lost:
        module.names[name] = unknown("this Python cannot parse where it is assigned")
        module.locations[name] = Location(path, parsed.errors[0][0])


def absolute(node: ast.ImportFrom, module: Module) -> str:
    """Return the full name of the module that ``from … import`` names."""
    if not node.level:
        return node.module or ""
    parts = module.package.split(".") if module.package else []
    parts = parts[: len(parts) - (node.level - 1)]
    return ".".join([*parts, node.module] if node.module else parts)


@statement(ast.Import)
def import_(machine: Machine, node: ast.Import, scope: Scope) -> None:
    for alias in node.names:
        top = alias.name.partition(".")[0]
        value = imported(machine, alias.name)
        if alias.asname or "." not in alias.name:
            machine.bind(scope, alias.asname or alias.name, value)
        else:
            machine.bind(scope, top, imported(machine, top))


def imported(machine: Machine, name: str) -> Value:
    """Return a module as a value; raise ImportError when it certainly does not exist."""
    module = load(machine, name)
    if module is not None:
        return Value(ModuleValue(machine, module))
    _must_exist(machine, name)
    return resolve(name)


def _must_exist(machine: Machine, name: str) -> None:
    """Raise ImportError for a module below one of the user's packages that is not there."""
    top = name.partition(".")[0]
    if machine.installed(name) is False or (
        "." in name and path_of(machine, top) is not None and not _shadowed(machine, top)
    ):
        error = ModuleNotFoundError(f"No module named '{name}'")
        raise Raised(error, location=machine.here)


def _shadowed(machine: Machine, top: str) -> bool:
    path = path_of(machine, top) or ""
    return path.endswith("/") and not any(
        f.endswith(".py") and f.startswith(path) for f in machine.tree.files
    )


@statement(ast.ImportFrom)
def import_from(machine: Machine, node: ast.ImportFrom, scope: Scope) -> None:
    if node.module == "__future__":
        return
    name = absolute(node, scope.module)
    module = load(machine, name) if name else None
    if module is None:
        _must_exist(machine, name)
        _from_library(machine, node, name, scope)
        return
    for alias in node.names:
        if alias.name == "*":
            _star(machine, module, scope)
            continue
        machine.bind(scope, alias.asname or alias.name, member(machine, module, alias.name))
        if alias.name in module.locations and scope.names is scope.module.names:
            scope.module.locations[alias.asname or alias.name] = module.locations[alias.name]


def member(machine: Machine, module: Module, name: str) -> Value:
    """Return what ``from module import name`` binds."""
    if name in module.names:
        return module.names[name]
    inner = load(machine, f"{module.name}.{name}")
    if inner is not None:
        return Value(ModuleValue(machine, inner))
    found = ModuleValue(machine, module).attribute(name)
    if found is not None:
        return found
    error = ImportError(f"cannot import name '{name}' from '{module.name}'")
    raise Raised(error, location=machine.here)


def _star(machine: Machine, module: Module, scope: Scope) -> None:
    names = [name for name in module.names if not name.startswith("_")]
    listed = module.names.get("__all__")
    if listed is not None:
        try:
            names = [name for name in plain(listed) if name in module.names]
        except NotPlain:
            names = [name for name in module.names if not name.startswith("__")]
    for name in names:
        machine.bind(scope, name, module.names[name])
        if name in module.locations and scope.names is scope.module.names:
            scope.module.locations[name] = module.locations[name]
    if module.rest and listed is None:
        scope.module.rest = module.rest


def _from_library(machine: Machine, node: ast.ImportFrom, name: str, scope: Scope) -> None:
    for alias in node.names:
        if alias.name == "*":
            scope.module.rest = f"may come from {name}"
            continue
        machine.bind(scope, alias.asname or alias.name, resolve(f"{name}.{alias.name}"))


def installed(machine: Machine, name: str) -> bool | None:
    """Tell whether a module certainly can or cannot be imported, None for third parties."""
    top = name.partition(".")[0]
    if not top or path_of(machine, top) is not None:
        return True
    if top in sys.stdlib_module_names or top == "django":
        return top not in REMOVED
    if LOCAL.search(top):
        return False
    return None


LOCAL = re.compile(r"^(?:local|settings|secret|private|credential)|_local$")
"""Names of modules that are kept out of version control, not libraries."""
REMOVED = frozenset({"imp", "asyncore", "asynchat"})
"""Standard modules that no current Python has."""


@library("importlib.import_module")
def import_module(call: Call) -> Value:
    name, package = call.argument(0, "name", NONE), call.argument(1, "package", NONE)
    if not isinstance(name.data, str):
        return unknown("a module whose name cannot be told", origins(name))
    full = name.data
    if full.startswith("."):
        level = len(full) - len(full.lstrip("."))
        parts = str(package.data or call.scope.module.package).split(".")
        full = ".".join([*parts[: len(parts) - level + 1], full.lstrip(".")])
    with call.machine.depending(name.taint):
        return imported(call.machine, full).tainted(name.taint)


@library("builtins.__import__")
def dunder_import(call: Call) -> Value:
    return import_module(call)


@library("importlib.util.find_spec")
def find_spec(call: Call) -> Value:
    name = call.argument(0, "name", NONE).data
    known = installed(call.machine, name) if isinstance(name, str) else None
    if known is True and path_of(call.machine, str(name)) is None and "." in str(name):
        known = None
    if known is None:
        return unknown(f"whether {name} is installed", call.taint)
    return Value(Symbol(f"importlib.machinery.ModuleSpec({name})")) if known else NONE


@library("django.utils.module_loading.import_string")
def import_string(call: Call) -> Value:
    name = call.argument(0, "dotted_path", NONE).data
    if not isinstance(name, str):
        return unknown("an import whose name cannot be told", call.taint)
    module = load(call.machine, name.rpartition(".")[0])
    if module is None:
        return resolve(name)
    return member(call.machine, module, name.rpartition(".")[2])


@library("django.utils.module_loading.module_has_submodule")
def has_submodule(call: Call) -> Value:
    return unknown("whether a module exists", call.taint)
