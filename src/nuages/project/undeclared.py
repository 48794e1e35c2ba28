"""What the project's code imports and none of its requirements brings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from nuages.project import debian
from nuages.project.facts import Evidence, Fact
from nuages.project.packages import REQUIREMENTS, distribution, distributions
from nuages.project.python_source import at
from nuages.project.site import Site

_LOADED = frozenset(
    {"admin", "api", "apps", "context_processors", "decorators", "fields", "filters", "forms"}
    | {"managers", "middleware", "middlewares", "mixins", "models", "permissions", "resources"}
    | {"serializers", "signals", "tasks", "templatetags", "urls", "validators", "views", "viewsets"}
)
"""Modules and packages of an application that Django or its URLs load."""
_ASIDE = re.compile(r"(?:^|/)(?:tests?|migrations|management|docs?|examples?|scripts)(?:/|\.py$)")
_FIRST = "|".join(map(re.escape, REQUIREMENTS))
_IMPORT = re.compile(rf"^(?:from|import)[ \t]+(?P<module>{_FIRST})\b", re.MULTILINE)
"""At the very start of a line: one in a ``try`` or an ``if`` is prepared for its absence."""
_IMAGE = re.compile(r"^[ \t].*\bmodels\.(?P<module>ImageField)\(", re.MULTILINE)


def undeclared(site: Site) -> tuple[Fact[str], ...]:
    """Requirements that well-known modules come from, and the first place that needs each.

    In the settings, and in what has been read by then of the code that Django loads. A package
    that another one brings may be among them: to ask for it once more changes nothing.
    """
    found: dict[str, Fact[str]] = {}
    for module, evidence in (*_named(site), *_imported(site)):
        if module not in found and not _brought(site, module) and not _own(site, module):
            found[module] = Fact(REQUIREMENTS[module], (evidence,))
    return tuple(found.values())


def _named(site: Site) -> Iterator[tuple[str, Evidence]]:
    """What Django imports for a setting."""
    for name in ("INSTALLED_APPS", "MIDDLEWARE"):
        for dotted in site.texts(name):
            module = dotted.partition(".")[0]
            if module in REQUIREMENTS:
                yield module, Evidence(site.at(name).location, f"{module} is named in {name}")


def _imported(site: Site) -> Iterator[tuple[str, Evidence]]:
    own = set(site.sources.own)
    loaded = (path for path in site.tree.read_paths if path in own and _is_loaded(path))
    for path in dict.fromkeys((*site.settings.files, *loaded)):
        text = site.tree.read(path) or ""
        for pattern, note in ((_IMPORT, "is imported"), (_IMAGE, "is what ImageField needs")):
            for match in pattern.finditer(text):
                module = match["module"].replace("ImageField", "PIL")
                yield module, at(path, text, match.start("module"), f"{module} {note}")


def _is_loaded(path: str) -> bool:
    parts = PurePosixPath(path).with_suffix("").parts
    return not _ASIDE.search(path) and any(part in _LOADED for part in parts[-2:])


def _brought(site: Site, module: str) -> bool:
    """By the distribution that it comes from, or by one whose name says so: a fork.

    What has to be compiled is left to whoever meets its absence: it may need a system's headers.
    """
    if distribution(module) in debian.PACKAGES:
        return True
    like = module.lower().replace("_", "-")
    names = site.dependencies.packages
    return not distributions(module).isdisjoint(names) or any(like in name for name in names)


def _own(site: Site, module: str) -> bool:
    """Whether the project has such a module itself, wherever: a copy of it, perhaps."""
    return f"{module}.py" in site.tree.by_name or any(
        folder.rpartition("/")[2] == module for folder in site.tree.folders
    )
