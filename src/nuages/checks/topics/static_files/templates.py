"""What templates ask for: files that a manifest has no entry for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.topics.static_files.known import store
from nuages.text import Location

_TAG = re.compile(r"{%\s*static\s+[\"']([\w./@-]+)[\"']\s*(?:as\s+\w+\s*)?%}")
_FOLDER = re.compile(r"(?:^|/)static/(.+)$")
_MADE = re.compile(
    r"(?:^|/)(?:dist|build|bundles?|webpack|vite|CACHE|gen|node_modules)(?:/|$)|\.min\."
)
_BUILDS = re.compile(
    r"(?:^|/)(?:Makefile|justfile|Taskfile\.ya?ml|package\.json|\.gitignore|gulpfile\.\w+"
    r"|Dockerfile[^/]*|[^/]+\.(?:sh|mk|toml))$"
)
_SOURCES = (".scss", ".sass", ".less", ".styl", ".ts", ".tsx", ".jsx", ".coffee")
_PAGE = "{{% load static %}}<link rel=icon href=\"{{% static 'orders/{}' %}}\">\n"


@rule(
    "STA024",
    severity="error",
    title="A template names a static file that is not there",
    why="A manifest storage looks each name up. One that was never collected is an exception "
    "while the page is rendered: not a missing picture, the whole page is gone. With DEBUG on it "
    "never happens.",
    symptom="500; ValueError: Missing staticfiles manifest entry for 'shop/favicon.ico'.",
    fix="Add the file, or correct the name.",
    url="https://docs.djangoproject.com/en/stable/ref/contrib/staticfiles/"
    "#django.contrib.staticfiles.storage.ManifestStaticFilesStorage.manifest_strict",
    mistake={
        "orders/static/orders/site.css": "body {}",
        "orders/templates/page.html": _PAGE.format("icon.ico"),
    },
    fixed={
        "orders/static/orders/site.css": "body {}",
        "orders/templates/page.html": _PAGE.format("site.css"),
    },
)
def gap(production: Production) -> Faults:
    found = store(production, "staticfiles")
    if found is None or "anifest" not in found.backend or production.project.frontend:
        return
    there = set(_collected(production))
    folders = {name.partition("/")[0] for name in there if "/" in name}
    stems = {name.rpartition(".")[0] for name in there if name.endswith(_SOURCES)}
    for name, place in _asked(production):
        known = name in there or name.rpartition(".")[0] in stems
        if known or _MADE.search(name) or _built(production, name):
            continue
        if name.partition("/")[0] in folders:
            yield Fault(f"{name} is in no folder of static files", place)


def _built(production: Production, name: str) -> bool:
    """Whether a step of the build, or git, speaks of a file of that name."""
    last = name.rpartition("/")[2]
    paths = (path for path in production.tree.files if _BUILDS.search(path))
    return any(last in production.text(path) for path in paths)


def _collected(production: Production) -> Iterator[str]:
    """The names of the static files of the tree, below each app's folder and STATICFILES_DIRS."""
    dirs = production.project.static.value.dirs
    roots = [path.removeprefix("{root}/").rstrip("/") + "/" for path in dirs]
    for path in production.tree.files:
        match = _FOLDER.search(path)
        if match:
            yield match[1]
        yield from (path.removeprefix(root) for root in roots if path.startswith(root))


def _asked(production: Production) -> Iterator[tuple[str, Location]]:
    """Each literal name in a template; those of tests and of e-mail are templates too."""
    for path in production.tree.files:
        if not path.endswith((".html", ".htm")) or "test" in path:
            continue
        text = production.text(path)
        for number, line in enumerate(text.splitlines(), 1) if "static" in text else ():
            for match in _TAG.finditer(line):
                yield match[1], Location(path, number, match.start() + 1)
