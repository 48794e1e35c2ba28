"""Which Django, and which version of a package, is certainly installed."""

from __future__ import annotations

import re

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from nuages.checks.production import Production

Series = tuple[int, int]


def oldest(production: Production) -> Series | None:
    """The pinned series of Django, or the oldest that its specifier admits."""
    written = production.project.django.value if production.project.django else ""
    return production.django or _bound(written, (">=", "~=", "=="))


def newest(production: Production) -> Series | None:
    """The pinned series of Django, or the newest that a bound such as ``<5`` admits."""
    written = production.project.django.value if production.project.django else ""
    bound = production.django or _bound(written, ("<=", "=="))
    below = _bound(written, ("<",))
    return bound or (_before(below) if below else None)


def major(production: Production, package: str) -> int | None:
    """The major version of a package that is pinned, or the oldest that is admitted."""
    written = production.project.dependencies.packages.get(package, "")
    bound = _bound(written, (">=", "~=", "==", "==="))
    return bound[0] if bound else None


def named(series: Series) -> str:
    """``5.2``."""
    return f"{series[0]}.{series[1]}"


def _before(series: Series) -> Series:
    """The newest series below this one, as far as one must know: ``<5`` admits 4.2 at most."""
    return (series[0], series[1] - 1) if series[1] else (series[0] - 1, 99)


def _bound(written: str, operators: tuple[str, ...]) -> Series | None:
    try:
        specifiers = SpecifierSet(written)
    except InvalidSpecifier:
        return None
    for specifier in specifiers:
        version = re.match(r"(\d+)(?:\.(\d+))?", specifier.version)
        if specifier.operator in operators and version:
            return int(version[1]), int(version[2] or 0)
    return None
