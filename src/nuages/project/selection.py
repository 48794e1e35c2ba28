"""Which settings module production uses: gathered, scored, chosen and evaluated."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from nuages.errors import ProjectError
from nuages.project import hints
from nuages.project.candidates import absent, candidates
from nuages.project.contract import compared
from nuages.project.entry_points import VARIABLE, entry_points, naming
from nuages.project.facts import (
    EntryPoint,
    EvaluatedSettings,
    Evidence,
    Fact,
    Problem,
    SettingsCandidate,
)
from nuages.project.imports import imports
from nuages.project.python_source import Sources, ancestors, joined, parsed
from nuages.project.roots import Root
from nuages.project.settings import evaluate
from nuages.project.switches import Kind, kind, switches, without_debug
from nuages.project.tree import Tree
from nuages.text import Location

_PATHS = re.compile(r"sys\.path\.(?:append|insert)\((?:[^()]|\([^()]*\))*?[\"']([\w./-]+)[\"']")


@dataclass(frozen=True)
class Selection:
    """The settings to use, why, and what was seen on the way."""

    module: Fact[str]
    kind: Kind
    settings: EvaluatedSettings
    candidates: tuple[SettingsCandidate, ...]
    wsgi: list[Fact[EntryPoint]]
    asgi: list[Fact[EntryPoint]]
    problems: tuple[Problem, ...]


def sources(tree: Tree, root: Root) -> Sources:
    """``sys.path``: manage.py's folder, and those that it adds."""
    text = tree.read(root.manage_py) if root.manage_py else ""
    added = [joined(root.manage_dir, m[1].strip("./")) for m in _PATHS.finditer(text or "")]
    if root.manage_py is None and joined(root.manage_dir, "src") in tree.folders:
        added.append(joined(root.manage_dir, "src"))
    roots = [root.manage_dir, *(folder for folder in added if folder in tree.folders)]
    return Sources(tree, tuple(dict.fromkeys(roots)))


def selection(
    found: Sources, root: Root, packages: Mapping[str, str], wanted: str | None = None
) -> Selection:
    """Choose among what the project names and what it holds; ``wanted`` overrules.

    ``packages`` are its dependencies, whose versions decide what some settings mean.

    Raises:
        ProjectError: ``no-settings``, when there is nothing to choose from.
    """
    near = tuple(ancestors(root.manage_dir))
    wsgi, asgi = entry_points(found, "wsgi", near), entry_points(found, "asgi", near)
    named = list(_named(found, root, wsgi, asgi))
    hinted = hints.modules(found.tree, root.manage_dir)
    ranked = candidates(found, named, hinted)
    chosen = _chosen(ranked, wanted, found)
    problems = [absent(m, e) for m, _, e in named if found.path(m) is None]
    why = [evidence for module, _, evidence in named if module == chosen.module]
    why += [hint.evidence for hint in hinted if hint.name == chosen.module]
    why += [
        Evidence(Location(chosen.path, 1), reason)
        for reason in chosen.reasons
        if not reason.endswith("names it")
    ]
    how = kind(found, chosen.path, hints.classes(found.tree, root.manage_dir))
    settings = without_debug(
        lambda environ: evaluate(
            found.tree,
            chosen.module,
            sources=found.roots,
            environ=environ,
            configuration=how.configuration.value if how.configuration else None,
            packages=packages,
        ),
        {VARIABLE: chosen.module, **_environ(found, chosen, how)},
        compared(found.tree, _read_together(found, chosen.path)),
    )
    module = Fact(chosen.module, tuple(why))
    return Selection(module, how, settings, ranked, wsgi, asgi, tuple(problems))


def _named(
    found: Sources, root: Root, wsgi: list[Fact[EntryPoint]], asgi: list[Fact[EntryPoint]]
) -> Iterator[tuple[str, int, Evidence]]:
    """What manage.py and the applications name; a server's word counts more than manage.py's."""
    if root.manage_py:
        said = naming(root.manage_py, found.tree.read(root.manage_py) or "")
        if said and said.module:
            yield said.module, 25, said.evidence
    weight = 50
    for point in (*wsgi[:1], *asgi[:1]):
        module = point.value.settings_module
        if module:
            yield module, weight, point.evidence[-1]
            weight = 5


def _chosen(
    ranked: tuple[SettingsCandidate, ...], wanted: str | None, found: Sources
) -> SettingsCandidate:
    if wanted:
        path = found.path(wanted)
        if path is None:
            raise ProjectError(
                f"The settings module {wanted} does not exist",
                hint=_choices(ranked),
                reason="no-settings",
            )
        known = next((each for each in ranked if each.module == wanted), None)
        return known or SettingsCandidate(wanted, path, 0, ("it was asked for",))
    best = next((each for each in ranked if each.exists), None)
    if best is None:
        raise ProjectError(
            "No settings module was found"
            + (f"; {ranked[0].module} is named and does not exist" if ranked else ""),
            hint="Name it: settings: package.module in nuages.yaml",
            reason="no-settings",
        )
    return best


def _choices(ranked: tuple[SettingsCandidate, ...]) -> str:
    names = [each.module for each in ranked if each.exists]
    return f"Those here: {', '.join(names)}" if names else "There is none in this project"


def _environ(found: Sources, chosen: SettingsCandidate, how: Kind) -> dict[str, str]:
    """What has to be set for this module to mean production."""
    environ: dict[str, str] = dict(how.environ or {})
    if how.configuration:
        environ["DJANGO_CONFIGURATION"] = how.configuration.value
    for path in _read_together(found, chosen.path):
        for name, fact in switches(found, path).items():
            environ.setdefault(name, fact.value)
    return environ


def _read_together(found: Sources, path: str) -> list[str]:
    """A settings file and those it takes everything from."""
    tree = parsed(found.tree.read(path) or "", path)
    if isinstance(tree, Problem):
        return [path]
    bases = (found.path(module) for module in imports(found, path, tree).stars)
    return [path, *(base for base in bases if base)]
