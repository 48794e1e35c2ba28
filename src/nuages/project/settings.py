"""The static partial evaluation of Django settings: what each one is, and what it depends on."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from nuages.project.evaluation import calls, imports
from nuages.project.evaluation.libraries import configurations
from nuages.project.evaluation.machine import Machine
from nuages.project.evaluation.outcome import setting
from nuages.project.evaluation.signals import Raised
from nuages.project.evaluation.state import Module, public
from nuages.project.evaluation.values import Taint, Value
from nuages.project.evaluation.variables import variables
from nuages.project.facts import EvaluatedSettings, Problem, Setting
from nuages.project.tree import Tree
from nuages.text import Location

NO_ENVIRON: Mapping[str, str] = MappingProxyType({})
GUARDED = 6
"""Variables whose absence is tried out."""
ROUNDS = 8
"""Evaluations until every required variable is known."""


def evaluate(
    tree: Tree,
    module: str,
    *,
    sources: tuple[str, ...] = (".",),
    environ: Mapping[str, str] = NO_ENVIRON,
    configuration: str | None = None,
    packages: Mapping[str, str] | None = None,
    contract: bool = True,
) -> EvaluatedSettings:
    """Evaluate a settings module under one environment, without importing it.

    ``sources`` are the folders on ``sys.path``, that of manage.py first. ``environ`` holds
    every variable that is set. ``configuration`` names the class to use where settings are
    django-configurations classes. ``packages`` are the project's dependencies by normalised
    name, where they are known: some libraries behave by version and by neighbour. Without
    ``contract`` only the settings are wanted and not every variable that they could read, which
    is twice as fast. It never raises: what cannot be read becomes a problem.
    """
    assumed: Taint = frozenset()
    raises: Problem | None = None
    required: set[str] = set()
    for _ in range(ROUNDS):
        machine = _machine(tree, module, sources, environ, assumed, packages)
        root = _root(machine, module, configuration)
        raises = raises or machine.raises
        required |= machine.required
        if machine.wanted <= assumed:
            break
        assumed |= machine.wanted
    machine.required |= required
    machine.raises = raises
    if raises is None and contract:
        machine.required |= _guarded(machine, module, configuration, environ)
    return _result(machine, root, environ, contract)


def _guarded(
    machine: Machine, module: str, configuration: str | None, environ: Mapping[str, str]
) -> set[str]:
    """Return the variables without which a branch that raises would have been taken."""
    found: set[str] = set()
    doubtful = machine.state.get("guarded", set()) & set(environ) - machine.required
    for name in sorted(doubtful)[:GUARDED]:
        without = {key: text for key, text in environ.items() if key != name}
        again = _machine(
            machine.tree, module, machine.sources, without, frozenset(), machine.packages
        )
        _root(again, module, configuration)
        if again.raises is not None:
            found.add(name)
    return found


def _machine(
    tree: Tree,
    module: str,
    sources: tuple[str, ...],
    environ: Mapping[str, str],
    assumed: Taint,
    packages: Mapping[str, str] | None,
) -> Machine:
    given = {name: Value(text, frozenset({name})) for name, text in environ.items()}
    given.setdefault("DJANGO_SETTINGS_MODULE", Value(module))
    return Machine(tree, sources, given, imports, calls.invoke, assumed=assumed, packages=packages)


def _root(machine: Machine, name: str, configuration: str | None) -> Module:
    path = imports.path_of(machine, name)
    if path is None or path.endswith("/"):
        machine.raises = Problem(Location("."), f"ModuleNotFoundError: No module named '{name}'")
        return Module(name, "")
    try:
        module = machine.module(name) or Module(name, path)
        if configuration:
            configurations.set_up(machine, module, configuration)
    except Raised as raised:
        machine.fails(raised)
        module = machine.modules.get(name) or Module(name, path)
    except Exception:  # whatever else happens, what was found so far is the answer
        machine.problem("cannot be evaluated to its end", Location(path))
        module = machine.modules.get(name) or Module(name, path)
    return module


def _result(
    machine: Machine, root: Module, environ: Mapping[str, str], contract: bool
) -> EvaluatedSettings:
    settings: dict[str, Setting] = {}
    for name, value in root.names.items():
        if isinstance(name, str) and name.isupper() and not name.startswith("__"):
            location = root.locations.get(name, Location(root.path))
            settings[name] = setting(name, value, location)
    raises = machine.raises
    if raises is not None:
        raises = Problem(raises.location, public(raises.message))
    return EvaluatedSettings(
        module=root.name,
        path=root.path,
        environ=dict(environ),
        settings=settings,
        variables=variables(machine, settings, root.names) if contract else (),
        files=tuple(machine.files),
        problems=tuple(Problem(p.location, public(p.message)) for p in machine.problems),
        raises=raises,
    )
