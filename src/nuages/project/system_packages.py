"""Debian packages that this project's dependencies and settings need."""

from __future__ import annotations

import re
from collections.abc import Iterator

from packaging.version import InvalidVersion, Version

from nuages.project import debian
from nuages.project.facts import SystemPackages
from nuages.project.python_support import newest_wheel
from nuages.project.site import Site


def system_packages(site: Site, python: str, messages: bool) -> SystemPackages:
    """What to install to build and to run; ``messages``: compilemessages has to be run."""
    build: dict[str, str] = {}
    runtime: dict[str, str] = {}
    for name, needs in _needs(site, python, messages):
        for package in needs.build:
            build.setdefault(package, name)
        for package in needs.runtime:
            runtime.setdefault(package, name)
    return SystemPackages(tuple(sorted(build)), tuple(sorted(runtime)), {**build, **runtime})


def _needs(site: Site, python: str, messages: bool) -> Iterator[tuple[str, debian.Needs]]:
    packages = site.dependencies.packages
    for name, specifier in packages.items():
        if name in debian.PACKAGES and not _is_covered(name, packages):
            yield name, debian.PACKAGES[name]
        if name in debian.BUILT_BEFORE and _older(specifier, debian.BUILT_BEFORE[name][0]):
            yield name, debian.BUILT_BEFORE[name][1]
        if name in debian.COMPILED and _without_wheel(name, specifier, python):
            yield name, debian.COMPILED[name]
    if "psycopg" in packages and not {"psycopg-c", "psycopg-binary"} & set(packages):
        yield from _psycopg(site)
    yield from _by_settings(site)
    if messages:
        yield "django", debian.GETTEXT
    if site.dependencies.git:
        yield site.dependencies.git[0], debian.GIT


def _is_covered(name: str, packages: object) -> bool:
    """A binary twin is installed, which brings its own libraries."""
    twins = {"psycopg2": "psycopg2-binary", "psycopg-c": "psycopg-binary"}
    return isinstance(packages, dict) and twins.get(name) in packages


def _psycopg(site: Site) -> Iterator[tuple[str, debian.Needs]]:
    """Pure ``psycopg`` loads the system's libpq; its extras decide, and stand in the line."""
    where = site.dependencies.locations.get("psycopg")
    lines = (site.tree.read(where.path) or "").splitlines() if where else []
    line = lines[where.line - 1] if where and 0 < where.line <= len(lines) else ""
    extras = re.search(r"psycopg[\"']?\s*(?:\[|=\s*\{.*extras\s*=\s*\[)([^\]]*)\]", line)
    named = extras[1] if extras else ""
    if re.search(r"\bc\b", named):
        yield "psycopg[c]", debian.PACKAGES["psycopg-c"]
    elif "binary" not in named:
        yield "psycopg", debian.Needs((), ("libpq5",))


def _by_settings(site: Site) -> Iterator[tuple[str, debian.Needs]]:
    engines = str(site.value("DATABASES") or "")
    if "django.contrib.gis" in site.apps or "contrib.gis.db" in engines:
        yield "django.contrib.gis", debian.GEODJANGO
    if "spatialite" in engines:
        yield "spatialite", debian.SPATIALITE


def _older(specifier: str, since: str) -> bool:
    pinned = specifier.removeprefix("==")
    try:
        return specifier.startswith("==") and Version(pinned) < Version(since)
    except InvalidVersion:
        return False


def _without_wheel(name: str, specifier: str, python: str) -> bool:
    if not specifier.startswith("=="):
        return False
    limit = newest_wheel(name, specifier.removeprefix("=="))
    major, minor = python.split(".")[:2]
    return limit is not None and (int(major), int(minor)) > limit
