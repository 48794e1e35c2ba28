"""Newer releases that break what a project pins: a table of known pairs, and what to hold back.

A project without a lock gets today's release of whatever it does not pin. Each rule names a
release that came with a break, and the package that it breaks below some version.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from packaging.specifiers import SpecifierSet
from packaging.version import InvalidVersion, Version

from nuages.image import Hold
from nuages.project.python_support import django_series


@dataclass(frozen=True)
class Rule:
    """Where ``package`` is at ``versions``, ``other`` must be held to ``bound``."""

    package: str
    versions: str
    other: str
    bound: str
    why: str
    certain: bool = False
    """Nothing that uses both works, so that a pin of the project's cannot be meant for them."""


RULES: tuple[Rule, ...] = (
    Rule("channels", "<3", "asgiref", "<3.3", "later releases run its handlers in one thread"),
    Rule("django", "<3.0", "psycopg2", "<2.9", "later releases give offsets it refuses", True),
    Rule(
        "django", "<3.0", "psycopg2-binary", "<2.9", "later releases give offsets it refuses", True
    ),
    Rule("django", "<4.2", "psycopg", "<3", "it knows psycopg2 only"),
    Rule("uvicorn", "<0.15", "uvloop", "<0.17", "later releases make no event loop of their own"),
    Rule("uvicorn", "<0.15", "websockets", "<10", "the old names are gone since"),
    Rule("jinja2", "<3", "markupsafe", "<2.1", "soft_unicode is gone since"),
    Rule("celery", "<5", "importlib-metadata", "<5", "entry points changed"),
    Rule("celery", "<5", "vine", "<5", "its promises changed"),
    Rule("kombu", "<5", "importlib-metadata", "<5", "entry points changed"),
    Rule("django-redis", "<5", "redis", "<5", "its connection classes changed"),
    Rule("django", "<2.2", "sqlparse", "<0.5", "its tokens changed"),
    # https://github.com/jazzband/sorl-thumbnail/releases: 12.11 drops what has no STORAGES
    Rule("django", "<4.2", "sorl-thumbnail", "<12.11", "later releases read STORAGES"),
    Rule("djangorestframework", "<3.11", "coreapi", "<3", "it needs itypes of then"),
    # from 5.4.3 on it says so itself
    Rule("social-auth-app-django", "<5.4.3", "social-auth-core", "<5", "MissingBackend is gone"),
    # its metadata do not say so: https://pypi.org/project/dj-database-url/3.0.1/
    Rule("python", "<3.9", "dj-database-url", "<3", "later ones need Python 3.9", certain=True),
    # https://docs.gunicorn.org/en/stable/news.html: 21.0 asks importlib.metadata
    Rule("gunicorn", "<21", "setuptools", "<81", "it imports pkg_resources, which is gone since"),
    Rule("django-crispy-forms", "<2", "crispy-bootstrap5", "<0.8", "templates moved"),
)
NEVER = 'python_version < "0"'
"""A marker that is true nowhere: a requirement with it is left out."""
SETUPTOOLS = "setuptools<81"
"""The last that has ``pkg_resources``; and ``distutils``, for Python 3.12 and later."""


def held(installed: Mapping[str, str], declared: Mapping[str, str]) -> dict[str, str]:
    """Requirements to install over what is there, ``python`` among it, and why.

    Against a project's own pin only where the two that it pins cannot work together.
    """
    found = {}
    for rule in RULES:
        applies = _is(installed.get(rule.package), rule.versions)
        broken = rule.other in installed and not _is(installed[rule.other], rule.bound)
        free = rule.certain or not declared.get(rule.other, "").startswith("==")
        if applies and broken and free:
            text = f"{rule.package} {installed[rule.package]}: {rule.why}"
            found[f"{rule.other}{rule.bound}"] = text
    return found


def foreseen(packages: Mapping[str, str], python: tuple[int, int]) -> tuple[Hold, ...]:
    """What to hold back, as far as the project's own requirements tell: the same for every engine.

    ``packages``: normalised name to specifier or locked version.
    """
    known = {**packages, "python": f"=={python[0]}.{python[1]}"}
    return tuple(
        Hold(f"{rule.other}{rule.bound}", f"{rule.package} {rule.versions}: {rule.why}")
        for rule in RULES
        if _surely(rule, known.get(rule.package)) and _breaks(rule, _asked(known, rule.other))
    )


def _asked(known: Mapping[str, str], name: str) -> str | None:
    """What is asked of a package; of setuptools, which others bring along, if need be nothing."""
    return known.get(name, "" if name == "setuptools" else None)


OLD_SOURCES = {
    # its setup.py takes convert_path from setuptools: seen to fail up to 0.47, to build from 0.50
    "django-allauth": ("<0.48", "setuptools<58"),
}
"""Releases without a wheel whose source today's tools do not build, and what does."""


def aged(packages: Mapping[str, str]) -> tuple[Hold, ...]:
    """What is to be built with older tools, as far as pins tell."""
    pinned = {n: m[1] for n, s in packages.items() if (m := _PINNED.match(s))}
    return tuple(
        Hold(f"{name}=={pinned[name]}", f"{name} {pinned[name]} builds with {bound}", bound)
        for name, (versions, bound) in OLD_SOURCES.items()
        if _is(pinned.get(name), versions)
    )


@dataclass(frozen=True)
class Relic:
    """A pinned release whose source a Python cannot build, and the next one that it can."""

    names: tuple[str, ...]
    versions: str
    python: tuple[int, int]
    """From which Python on."""
    instead: str
    why: str


RELICS = (
    # https://www.psycopg.org/docs/news.html#what-s-new-in-psycopg-2-8-4 names Python 3.8
    Relic(
        ("psycopg2", "psycopg2-binary"),
        "<2.8.4",
        (3, 8),
        "==2.8.6",
        "psycopg2 before 2.8.4 does not compile on Python 3.8 and later",
    ),
)


def replaced(packages: Mapping[str, str], python: tuple[int, int]) -> tuple[Hold, ...]:
    """Requirements that win over the project's pins, which nothing on this Python can meet."""
    pinned = {n: m[1] for n, s in packages.items() if (m := _PINNED.match(s))}
    if {"psycopg2", "psycopg2-binary"} <= packages.keys():
        twice = "psycopg2-binary brings what psycopg2 would, which takes PostgreSQL's headers"
        return (Hold(f"psycopg2 ; {NEVER}", twice), *_relics(packages, pinned, python, "psycopg2"))
    return _relics(packages, pinned, python)


def _relics(
    packages: Mapping[str, str], pinned: Mapping[str, str], python: tuple[int, int], *without: str
) -> tuple[Hold, ...]:
    return tuple(
        Hold(_instead(relic, name, packages), relic.why)
        for relic in RELICS
        for name in relic.names
        if name not in without and python >= relic.python and _is(pinned.get(name), relic.versions)
    )


def _instead(relic: Relic, name: str, packages: Mapping[str, str]) -> str:
    """The release; nothing for a source beside its own wheel, which brings the same modules."""
    return f"{name} ; {NEVER}" if f"{name}-binary" in packages else f"{name}{relic.instead}"


def _surely(rule: Rule, specifier: str | None) -> bool:
    """Whether nothing but a version that the rule is about can be installed."""
    if specifier is None:
        return False
    if pinned := _PINNED.match(specifier):
        return _is(pinned[1], rule.versions)
    series = django_series(specifier) if rule.package == "django" and specifier else []
    return bool(series) and all(_is(f"{each}.99", rule.versions) for each in series)


def _breaks(rule: Rule, specifier: str | None) -> bool:
    if specifier is None:
        return False
    pinned = _PINNED.match(specifier)
    return not pinned or (rule.certain and not _is(pinned[1], rule.bound))


_PINNED = re.compile(r"={2,3}\s*([\w.!+]+)$")


def _is(version: str | None, specifier: str) -> bool:
    try:
        return version is not None and Version(version) in SpecifierSet(specifier, prereleases=True)
    except InvalidVersion:
        return False
