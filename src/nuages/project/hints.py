"""What deployment, development and test files say of the settings: names, in text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from nuages.project.facts import Evidence
from nuages.project.python_source import ancestors, at, joined, parent
from nuages.project.tree import Tree

Purpose = Literal["deploy", "develop", "test"]

_NAMES: dict[Purpose, tuple[str, ...]] = {
    "deploy": (
        *("Procfile", "app.json", "heroku.yml", "render.yaml", "fly.toml", "railway.json"),
        *("railway.toml", "nixpacks.toml", "app.yaml", "cloudbuild.yaml", "captain-definition"),
        *("entrypoint.sh", "docker-entrypoint.sh", "start.sh", "build.sh", "run.sh"),
        *("uwsgi.ini", "gunicorn.conf.py", "supervisord.conf", ".env.production", ".env.prod"),
        "project.toml",
    ),
    "develop": (".env", ".env.local", ".env.dev", ".envrc", "Vagrantfile", ".env.example"),
    "test": ("pytest.ini", "tox.ini", "setup.cfg", "noxfile.py", "conftest.py", "pyproject.toml"),
}
_MODULE = re.compile(
    r"DJANGO_SETTINGS_MODULE[\"']?[ \t]*(?:[:=,]|\s*\n\s*value:)?[ \t]*[\"']?"
    r"([A-Za-z_]\w*(?:\.\w+)*)"
    r"|--settings[= ]([A-Za-z_]\w*(?:\.\w+)*)|--ds[= ]([A-Za-z_]\w*(?:\.\w+)*)"
)
_CLASS = re.compile(r"DJANGO_CONFIGURATION[\"']?[ \t]*[:=,]?[ \t]*[\"']?([A-Z]\w*)")
_CONTAINER = re.compile(r"^Dockerfile|\.Dockerfile$|^(?:docker-)?compose(?:[.-]\w+)*\.ya?ml$")
_OTHER_IMAGE = re.compile(r"devcontainer|node|front|client|nginx|postgres")
_DEVELOP = re.compile(r"local|dev|override|debug|test|ci\b", re.IGNORECASE)


@dataclass(frozen=True)
class Hint:
    """A settings module (or a class) that a file names, and what the file is for."""

    name: str
    purpose: Purpose
    evidence: Evidence


def modules(tree: Tree, directory: str) -> list[Hint]:
    """Every settings module named in a file near the project."""
    return [
        hint
        for purpose, path in _files(tree, directory)
        for hint in _named(tree, path, purpose, _MODULE)
    ]


def classes(tree: Tree, directory: str) -> list[Hint]:
    """Every django-configurations class named in a file near the project."""
    return [
        hint
        for purpose, path in _files(tree, directory)
        for hint in _named(tree, path, purpose, _CLASS)
    ]


def deployment_files(tree: Tree, directory: str) -> list[str]:
    """The files near the project that say how it is built and run in production."""
    return [path for purpose, path in _files(tree, directory) if purpose == "deploy"]


def _files(tree: Tree, directory: str) -> Iterator[tuple[Purpose, str]]:
    for purpose, names in _NAMES.items():
        for folder in ancestors(directory):
            for path in (joined(folder, name) for name in names):
                if path in tree:
                    yield purpose, path
    yield from _containers(tree, directory)


def _containers(tree: Tree, directory: str) -> Iterator[tuple[Purpose, str]]:
    """Dockerfiles and compose files, in the project's folders or in ones made for them."""
    homes = {*ancestors(directory)}
    names = [name for name in tree.by_name if _CONTAINER.search(name)]
    for path in sorted(path for name in names for path in tree.by_name[name]):
        folder = parent(path)
        near = folder in homes or re.search(r"docker|compose|deploy|container", folder)
        if near and path.count("/") <= 4 and not _OTHER_IMAGE.search(path):
            yield ("develop" if _DEVELOP.search(path) else "deploy"), path


def _named(tree: Tree, path: str, purpose: Purpose, pattern: re.Pattern[str]) -> Iterator[Hint]:
    text = tree.read(path) or ""
    for match in pattern.finditer(text):
        line = text[text.rfind("\n", 0, match.start()) + 1 : match.end()]
        if line.lstrip().startswith(("#", "//")):
            continue
        name = next(group for group in match.groups() if group)
        yield Hint(name, purpose, at(path, text, match.start(), f"names {name}"))
