"""What the project needs to run, who installs it, and from which files."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from nuages.project import manifests, pyproject, requirement_files, requirements
from nuages.project.declared import Declared
from nuages.project.facts import Dependencies, Evidence, Fact, Manager, Problem
from nuages.project.hints import deployment_files
from nuages.project.lockfiles import Lock, Locked, lock
from nuages.project.python_source import ancestors, joined, parent
from nuages.project.requirements import Requirement
from nuages.project.tree import Tree
from nuages.project.unversioned import unversioned
from nuages.text import Location

_LOCKS: tuple[tuple[str, Manager], ...] = (
    ("uv.lock", "uv"),
    ("poetry.lock", "poetry"),
    ("pdm.lock", "pdm"),
    ("Pipfile.lock", "pipenv"),
)
_READERS: tuple[tuple[str, Callable[[str, str], Declared]], ...] = (
    ("pyproject.toml", pyproject.read),
    ("Pipfile", manifests.pipfile),
    ("setup.cfg", manifests.setup_cfg),
    ("setup.py", manifests.setup_py),
    ("environment.yml", manifests.conda),
    ("environment.yaml", manifests.conda),
)
_PRODUCTION = re.compile(
    r"^(?:prod|production|deploy|deployment|live|heroku|docker|server|release|cloud|main|all)$",
    re.I,
)
_SERVERS = frozenset(
    {"gunicorn", "uvicorn", "uwsgi", "pyuwsgi", "granian", "daphne", "waitress", "hypercorn"}
)
_DRIVERS = frozenset({"psycopg", "psycopg2", "psycopg2-binary", "mysqlclient"})
_SIDE = re.compile(r"dev|test|doc|lint|typ|debug|ci$|local|style|format|check|tool|bench", re.I)
_ASKED = {
    "extra": re.compile(
        r"--extra[= ]+([\w-]+)|(?<=\.)\[([\w,-]+)\]|(?:--extras|-E)[= ]+[\"']?([\w ,-]+)"
    ),
    "group": re.compile(r"--(?:group|with|only)[= ]+[\"']?([\w,-]+)"),
}
_MEMBER = re.compile(r"source = \{ (?:editable|virtual|directory) = \"([^\"]+)\"")
_USES: tuple[tuple[Manager, str], ...] = (
    ("uv", r"\buv (?:sync|run|export)\b"),
    ("poetry", r"\bpoetry (?:install|export|run)\b"),
    ("pdm", r"\bpdm (?:install|sync)\b"),
    ("pipenv", r"\bpipenv (?:install|sync)\b"),
    ("pip", r"\bpip3? install\b[^\n]*(?:-r|--requirement)|\buv pip (?:install|sync)\b"),
)


@dataclass(frozen=True)
class Reading:
    """Dependencies, and what else their manifests say."""

    dependencies: Dependencies
    declared: Declared | None = None
    problems: tuple[Problem, ...] = ()


def read(tree: Tree, directory: str) -> Reading:
    """What is installed for production, seen from the folder that holds manage.py."""
    used = _used(tree, directory)
    broken: list[Problem] = []
    found: list[Reading] = []
    file = requirement_files.production_file(tree, directory)
    if file and not used and requirement_files.is_deployed(tree, directory, file):
        used = ["pip"]
    for folder in ancestors(directory):
        for declared in _declared(tree, folder):
            broken += declared.problems
            if _is_real(declared):
                found.append(_by_manifest(tree, folder, declared))
    if file:
        found.append(_by_requirements(tree, file))
    chosen = _chosen(found, used)
    if chosen is None:
        nothing = Dependencies("pip", directory, (), None)
        return Reading(nothing, problems=tuple(broken))
    return replace(chosen, problems=(*chosen.problems, *broken))


def _chosen(found: list[Reading], used: list[Manager]) -> Reading | None:
    """The nearest; beside one another, what the Dockerfile uses, then the one with a lock."""

    def rank(reading: Reading) -> tuple[bool, bool, bool, int]:
        own = reading.dependencies
        named = own.manager in used or (own.manager == "pip" and not used)
        return (
            "django" in own.packages,
            bool(used) and named,
            own.lock is not None and own.manager != "pip",
            own.directory.count("/") + (own.directory != "."),
        )

    return max(found, key=rank) if found else None


def _used(tree: Tree, directory: str) -> list[Manager]:
    texts = "\n".join(
        tree.read(path) or ""
        for path in deployment_files(tree, directory)
        if "Dockerfile" in path or path.endswith(".sh")
    )
    return [manager for manager, pattern in _USES if re.search(pattern, texts)][:1]


def _declared(tree: Tree, folder: str) -> Iterable[Declared]:
    for name, reader in _READERS:
        path = joined(folder, name)
        text = tree.read(path)
        if text is not None:
            yield reader(path, text)


def _is_real(declared: Declared) -> bool:
    """Whether it declares what the site needs, and is not tools' configuration only."""
    groups = (name for group in declared.groups.values() for name in group)
    return bool(declared.requirements) or any(each.name == "django" for each in groups)


# --- a manifest, with its lock --------------------------------------------------------------


def _by_manifest(tree: Tree, folder: str, declared: Declared) -> Reading:
    locked = _lock(tree, folder, declared)
    texts = _deployment(tree, folder)
    manager = next((m for name, m in _LOCKS if locked and locked.path.endswith(name)), None)
    groups = _selected(declared.groups, texts["group"], declared)
    extras = _selected(declared.extras, texts["extra"], declared)
    asked = [
        *declared.requirements,
        *(each for name in groups for each in declared.groups[name]),
        *(each for name in extras for each in declared.extras[name]),
    ]
    files = (*declared.files, *([locked.path] if locked else []))
    packages, where = _packages(asked, locked)
    return Reading(
        Dependencies(
            manager or declared.manager,
            folder,
            files,
            locked.path if locked else None,
            groups,
            extras,
            packages,
            where,
            _git(asked, locked),
            _installs_project(tree, folder, declared),
            declared.only_groups,
            requirement_files.names((*files, *_members(tree, locked))),
            unversioned=unversioned(tree, folder),
        ),
        declared,
    )


def _installs_project(tree: Tree, folder: str, declared: Declared) -> bool:
    """poetry refuses to install a project whose package it cannot find: then nobody means it."""
    if not declared.buildable or declared.manager != "poetry" or not declared.package:
        return declared.buildable
    names = (declared.package, f"src/{declared.package}")
    return any(joined(folder, name) in tree.folders for name in names)


def _members(tree: Tree, locked: Lock | None) -> tuple[str, ...]:
    """The manifests of a workspace's other members, which its lock file names."""
    if locked is None:
        return ()
    text = tree.read(locked.path) or ""
    here = parent(locked.path)
    paths = (requirements.joined_path(here, match[1]) for match in _MEMBER.finditer(text))
    files = (joined(path, "pyproject.toml") for path in paths)
    return tuple(file for file in dict.fromkeys(files) if file in tree)


def _lock(tree: Tree, folder: str, declared: Declared) -> Lock | None:
    pipenv = declared.manager == "pipenv"
    if declared.path.rpartition("/")[2] not in {"pyproject.toml", "Pipfile"}:
        return None
    for name, manager in _LOCKS:
        fits = (manager == "pipenv") == pipenv
        # a workspace keeps one lock, above its members
        for above in ancestors(folder) if manager == "uv" else (folder,):
            path = joined(above, name)
            if fits and path in tree:
                return lock(path, tree.read(path) or "")
    return None


def _deployment(tree: Tree, folder: str) -> dict[str, set[str]]:
    texts = "\n".join(tree.read(path) or "" for path in deployment_files(tree, folder))
    return {
        kind: {
            name
            for match in pattern.finditer(texts)
            for name in re.split(r"[ ,]+", next(g for g in match.groups() if g))
        }
        for kind, pattern in _ASKED.items()
    }


def _selected(
    named: Mapping[str, tuple[Requirement, ...]], asked: set[str], declared: Declared
) -> tuple[str, ...]:
    """Those that production's own files ask for, else those whose names say production.

    Else one that alone holds a server or a driver, such as ``postgres`` or ``gunicorn``, where
    the requirements have none.
    """
    by_file = [name for name in named if name in asked and not _SIDE.search(name)]
    if by_file:
        return tuple(by_file)
    by_name = [name for name in named if _PRODUCTION.match(name) and name != "main"]
    if by_name:
        return tuple(by_name)
    have = {each.name for each in declared.requirements}
    if not have:  # everything stands in groups: the one with Django is the site's
        return tuple(n for n, content in named.items() if any(e.name == "django" for e in content))
    lacking = {n for kind in (_SERVERS, _DRIVERS) if not have & kind for n in kind}
    serving = [
        name
        for name, content in named.items()
        if not _SIDE.search(name) and {each.name for each in content} & lacking
    ]
    return tuple(serving) if len(serving) == 1 else ()


def _packages(
    asked: list[Requirement], locked: Lock | None
) -> tuple[dict[str, str], dict[str, Location]]:
    packages: dict[str, str] = {}
    where: dict[str, Location] = {}
    for each in asked:
        if requirements.applies(each, "3.12") or each.name not in packages:
            packages[each.name] = each.specifier
            where[each.name] = each.location
    for name, package in (locked.closure(asked) if locked else {}).items():
        packages[name] = f"=={package.version}" if package.version else packages.get(name, "")
        where.setdefault(name, package.location)
    return packages, where


def _git(asked: list[Requirement], locked: Lock | None) -> tuple[str, ...]:
    closure: dict[str, Locked] = locked.closure(asked) if locked else {}
    names = [each.name for each in asked if each.git]
    names += [name for name, package in closure.items() if package.git]
    return requirement_files.names(names)


# --- requirements files ---------------------------------------------------------------------


def _by_requirements(tree: Tree, path: str) -> Reading:
    read = requirements.read(tree, path)
    packages, where = _packages(list(read.pinned), None)
    folder = parent(path)
    home = parent(folder) if re.search(r"(?:^|/)(?:requirements?|reqs|deps)$", folder) else folder
    return Reading(
        Dependencies(
            "pip",
            home,
            (path,),
            path if requirement_files.is_compiled(tree.read(path) or "") else None,
            packages=packages,
            locations=where,
            git=_git(list(read.requirements), None),
            installs_project=any(name.endswith((".toml", ".py", ".cfg")) for name in read.files),
            included=requirement_files.names(read.files),
            plain_pip=next(iter(read.plain_pip), ""),
            unversioned=unversioned(tree, home),
        ),
        problems=read.problems,
    )


def django(dependencies: Dependencies) -> Fact[str] | None:
    """Django's version when it is locked or pinned, else the specifier."""
    specifier = dependencies.packages.get("django")
    if specifier is None:
        return None
    where = dependencies.locations["django"]
    exact = re.fullmatch(r"===?\s*([\d.]+(?:[ab]|rc)?\d*)", specifier)
    return Fact(exact[1] if exact else specifier, (Evidence(where, f"django{specifier}"),))
