"""django-split-settings: files that run one after the other in the settings module."""

from __future__ import annotations

import posixpath

from nuages.project.evaluation import imports
from nuages.project.evaluation.libraries.paths import inside, matching
from nuages.project.evaluation.machine import LIBRARY, Call, library
from nuages.project.evaluation.signals import Raised
from nuages.project.evaluation.state import ROOT, Module
from nuages.project.evaluation.values import NONE, Value


class Optional(str):
    """``optional("local.py")``: a file that may be absent."""

    __slots__ = ()


@library("split_settings.tools.optional")
def optional(call: Call) -> Value:
    name = call.argument(0, "filename", NONE)
    return Value(Optional(name.data or ""), name.taint) if isinstance(name.data, str) else name


@library("split_settings.tools.include")
def include(call: Call) -> Value:
    """Run files in the namespace of the caller; those that it has run already are left out."""
    machine, module = call.machine, call.scope.module
    done: set[str] = machine.state.setdefault("included", {module.path})
    if call.rest:
        module.rest = call.rest.reason
        return NONE
    for argument in call.arguments:
        if not isinstance(argument.data, str):
            module.rest = "includes a file whose name cannot be told"
            continue
        if isinstance(argument.data, Optional) and not argument.data:
            continue
        pattern = posixpath.join(posixpath.dirname(module.file), argument.data)
        paths = [path for path in (inside(machine, p) for p in matching(machine, pattern)) if path]
        if not paths and not isinstance(argument.data, Optional):
            shown = pattern.replace(ROOT, "{root}")
            error = FileNotFoundError(f"No such file: {shown}")
            raise Raised(error, argument.taint, location=machine.here)
        for path in paths:
            if path not in done and path.endswith(".py"):
                done.add(path)
                with machine.depending(argument.taint):
                    _run(call, path)
    return NONE


def _run(call: Call, path: str) -> None:
    """Execute a file in the caller's names, with its own ``__file__``."""
    machine, module = call.machine, call.scope.module
    inner = Module(module.name, path, module.names, module.locations)
    imports.evaluate_file(machine, inner, path)
    if inner.rest:
        module.rest = inner.rest


LIBRARY["split_settings.include"] = LIBRARY["split_settings.tools.include"]
LIBRARY["split_settings.optional"] = LIBRARY["split_settings.tools.optional"]
