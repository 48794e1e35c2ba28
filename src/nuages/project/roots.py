"""Where the Django project is in the tree: its manage.py, and the folder that holds it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from nuages.errors import ProjectError
from nuages.project.facts import Evidence
from nuages.project.python_source import ancestors, at, first, joined, parent
from nuages.project.tree import Tree
from nuages.text import Location

RUNS_DJANGO = re.compile(
    r"execute_from_command_line|django\.core\.management|from django\.core import management"
    r"|ManagementUtility"
)
_SETTINGS = re.compile(r"^\s*(INSTALLED_APPS|ROOT_URLCONF)\b", re.MULTILINE)
_APPLICATION = re.compile(r"get_[wa]sgi_application|get_default_application|get_asgi\b")
_TEMPLATE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|^_?cookiecutter\.|-tpl$|\.jinja2?$|\.tmpl$")
_ASIDE = re.compile(
    r"^(?:.*[_-])?(?:tests?|testing|testproj(?:ect)?|testapp|docs?|examples?|sandbox|demos?"
    r"|demoproject|samples?|benchmarks?|fixtures|tutorials?|playground|vendor|third_party)"
    r"(?:[_-](?:project|proj|app|site))?$",
    re.IGNORECASE,
)
_OTHERS = {
    "Flask": re.compile(r"^\s*(?:from|import) flask\b", re.MULTILINE | re.IGNORECASE),
    "FastAPI": re.compile(r"^\s*(?:from|import) fastapi\b", re.MULTILINE),
}
_TEMPLATE_MARKS = ("cookiecutter.json", "copier.yml", "copier.yaml")
_PACKAGE_MARKS = ("pyproject.toml", "setup.py", "setup.cfg")
_DEPLOYED = ("Dockerfile", "Procfile", "app.json", "heroku.yml", "render.yaml", "fly.toml")


@dataclass(frozen=True)
class Root:
    """A Django project in the tree."""

    manage_dir: str
    manage_py: str | None
    evidence: Evidence
    others: tuple[str, ...] = ()
    """Folders of the tree's other projects."""


def root(tree: Tree, directory: str | None = None) -> Root:
    """The project's root, below ``directory`` if that is given.

    Raises:
        ProjectError: with the reason ``not-django``, ``template`` or ``several-projects``.
    """
    found = [r for r in _roots(tree) if directory is None or _within(r.manage_dir, directory)]
    real = [r for r in found if not _is_template(tree, r)]
    if not real:
        raise _refusal(tree, directory, templates=found)
    chosen = real if directory else _main(tree, real)
    if not chosen:
        raise _only_aside(real)
    return _one(tree, chosen)


def _roots(tree: Tree) -> list[Root]:
    """By manage.py, else by another file that runs Django, else by wsgi.py or settings.py."""
    by_manage = [r for path in tree.named("manage.py") if (r := _by_file(tree, path, RUNS_DJANGO))]
    if by_manage:
        return by_manage
    scripts = [p for p in tree.files if p.endswith(".py") and p.count("/") <= 2]
    near = [p for p in sorted(scripts, key=lambda p: p.count("/")) if _scriptlike(p)]
    renamed = [r for path in near if (r := _by_file(tree, path, RUNS_DJANGO))]
    return renamed or list(_without_manage(tree))


def _scriptlike(path: str) -> bool:
    name = path.rpartition("/")[2]
    return name not in {"__init__.py", "models.py", "views.py", "admin.py", "apps.py", "tests.py"}


def _by_file(tree: Tree, path: str, pattern: re.Pattern[str]) -> Root | None:
    evidence = first(tree, path, pattern)
    if evidence is None:
        return None
    package = path.endswith("__main__.py")  # of ``python -m``, which runs above it
    home = _top_of_package(tree, parent(path)) if package else _home(tree, parent(path))
    return Root(home, path, evidence)


def _home(tree: Tree, folder: str) -> str:
    """The folder of a file that runs Django; the one above, for a folder of scripts alone."""
    above = parent(folder)
    packages = {parent(parent(path)) for path in tree.named("__init__.py")}
    scripts = re.fullmatch(r"(?:bin|scripts?|tools?)", folder.rpartition("/")[2])
    alone = folder not in packages and joined(above, "manage.py") not in tree
    return above if scripts and alone and above in packages else folder


def _without_manage(tree: Tree) -> Iterable[Root]:
    seen: set[str] = set()
    marks = ((("wsgi.py", "asgi.py"), _APPLICATION), (("settings.py", "base.py"), _SETTINGS))
    for names, pattern in marks:
        for path in tree.named(*names):
            evidence = first(tree, path, pattern)
            folder = _top_of_package(tree, parent(path))
            if evidence and folder not in seen:
                seen.add(folder)
                yield Root(folder, None, evidence)
        if seen:
            return


def _top_of_package(tree: Tree, folder: str) -> str:
    """The folder to put on ``sys.path`` for a module in ``folder``."""
    top = folder
    while top != "." and joined(top, "__init__.py") in tree:
        top = parent(top)
    return parent(folder) if top == folder and folder != "." else top


def _within(folder: str, directory: str) -> bool:
    return directory.strip("/") in {"", "."} or directory.strip("/") in ancestors(folder)


def _is_template(tree: Tree, candidate: Root) -> bool:
    path = candidate.manage_py or candidate.evidence.location.path
    if any(_TEMPLATE.search(part) for part in path.split("/")):
        return True
    return "{{" in (tree.read(path) or "")


def _main(tree: Tree, found: list[Root]) -> list[Root]:
    """Without projects that exist to test, document or show something else."""
    main = [r for r in found if not is_aside(r.manage_dir)]
    if main:
        return main
    if any(_is_package(tree.read(mark) or "") for mark in _PACKAGE_MARKS):
        return [r for r in found if _deployed(tree, r)]
    return found


def is_aside(folder: str) -> bool:
    """Whether a folder's name says that it is for tests, documentation or examples."""
    return any(_ASIDE.match(part) for part in folder.split("/"))


def _is_package(text: str) -> bool:
    return bool(re.search(r"^\[build-system\]|^\[metadata\]|\bsetup\(", text, re.MULTILINE))


def _deployed(tree: Tree, candidate: Root) -> bool:
    folder = re.escape(candidate.manage_dir)
    pattern = re.compile(rf"(?<![\w-]){folder}(?:/|\b)")
    return any(pattern.search(tree.read(name) or "") for name in _DEPLOYED)


def _one(tree: Tree, found: list[Root]) -> Root:
    top = min(r.manage_dir.count("/") if r.manage_dir != "." else -1 for r in found)
    at_root = [r for r in found if r.manage_dir == "."]
    nested = [r for r in found if any(_below(r, other) for other in found)]
    deployed = [r for r in found if _deployed(tree, r)]
    for choice in (at_root, [r for r in found if r not in nested], deployed):
        if len({r.manage_dir for r in choice}) == 1:
            return _with_others(choice[0], found)
    raise _several([r for r in found if r.manage_dir.count("/") >= top])


def _below(candidate: Root, other: Root) -> bool:
    return other.manage_dir in ancestors(candidate.manage_dir)[1:]


def _with_others(chosen: Root, found: list[Root]) -> Root:
    others = tuple(r.manage_dir for r in found if r.manage_dir != chosen.manage_dir)
    return Root(chosen.manage_dir, chosen.manage_py, chosen.evidence, others)


def _several(found: list[Root]) -> ProjectError:
    choices = sorted({r.manage_dir for r in found})
    return ProjectError(
        f"{len(choices)} Django projects are here: {', '.join(choices)}",
        hint="Give the folder of one: " + " or ".join(choices),
        reason="several-projects",
    )


def _only_aside(found: list[Root]) -> ProjectError:
    choices = sorted({r.manage_dir for r in found})
    return ProjectError(
        f"This is a package; the only Django project here is for its tests, documentation or "
        f"examples: {', '.join(choices)}",
        hint=f"If that is what you want to deploy, name it: nuages init {choices[0]}",
        location=found[0].evidence.location,
        reason="not-django",
    )


def _refusal(tree: Tree, directory: str | None, templates: list[Root]) -> ProjectError:
    if templates or any(mark in tree for mark in _TEMPLATE_MARKS):
        return _template(tree, templates)
    named = [p for p in tree.files if p.endswith(".py-tpl")]
    if named:
        return _template(tree, [], named[0])
    framework = _framework(tree)
    where = f" in {directory}" if directory else ""
    if framework:
        name, evidence = framework
        message = f"This is a {name} application, not a Django project"
        return ProjectError(message, location=evidence.location, reason="not-django")
    if not any(path.endswith(".py") for path in tree.files):
        return ProjectError(
            f"There is not one Python file here, among {len(tree.files)} files",
            hint="Is this the right folder and branch? What git ignores is not read.",
            reason="not-django",
        )
    return ProjectError(
        f"No Django project was found{where}: no manage.py, wsgi.py or settings that name Django",
        hint="Give the folder that holds manage.py: nuages init PATH",
        reason="not-django",
    )


def _template(tree: Tree, found: list[Root], path: str = "") -> ProjectError:
    marks = [mark for mark in _TEMPLATE_MARKS if mark in tree]
    where = path or (found[0].evidence.location.path if found else marks[0])
    return ProjectError(
        "This is a template that projects are made from, not a project",
        hint="Render it first (cookiecutter, copier or startproject --template), then give the "
        "folder that it made",
        location=Location(where, 1),
        reason="template",
    )


def _framework(tree: Tree) -> tuple[str, Evidence] | None:
    names = ("app.py", "wsgi.py", "main.py", "application.py", "manage.py", "run.py", "__init__.py")
    for path in tree.named(*names)[:50]:
        text = tree.read(path) or ""
        for name, pattern in _OTHERS.items():
            if match := pattern.search(text):
                return name, at(path, text, match.start(), match[0].strip())
    return None
