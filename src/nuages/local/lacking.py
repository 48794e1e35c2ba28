"""What a log shows to be absent from an installation, and the requirement that brings it: pure."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass

from packaging.version import Version

from nuages.config import age
from nuages.local import causes
from nuages.local.process import missing, outgrown
from nuages.local.process.installing import named
from nuages.project.facts import Dependencies
from nuages.project.python_support import django_range, django_series


@dataclass(frozen=True)
class Lacking:
    """A requirement that would help, a code for the notice, and the notice."""

    line: str
    code: str
    text: str


@dataclass(frozen=True)
class Installed:
    """What is known of an installation."""

    python: tuple[int, int]
    dependencies: Dependencies
    packages: Container[str]
    """The normalised names of what is there."""
    roots: Iterable[str]
    """The modules and packages that the project's folders hold."""
    lists: Callable[[], Mapping[str, str]]
    """The files in which the project names what it needs, production or not."""
    metadata: Callable[[], Iterable[str]]
    """What the installed packages say of themselves."""


def lacking(log: str, there: Installed) -> Lacking | None:
    """What to install; None where that is not the cause, or nothing is known to bring it."""
    cause = causes.likely(log)
    if cause and cause.code in {"pkg-resources", "distutils"}:
        text = f"{cause.explanation}: {age.SETUPTOOLS} is installed"
        return Lacking(age.SETUPTOOLS, cause.code, text)
    if older := _older_django(log, there):
        text = f"an installed package does not run on the newest: {older}"
        return Lacking(older, "django-held", text)
    below, why = outgrown.older(log, there.dependencies.packages)
    if below:
        return Lacking(below, "outgrown", why)
    name = missing.module(log)
    if not name or missing.is_own(name, there.roots):
        return None
    line = missing.requirement(name, there.lists()) or missing.optional(name, there.metadata())
    line = line or missing.advised(name, log)
    if not line or named(line) in there.packages:
        return None
    text = (
        f"{name} is imported, and what production installs does not bring it: {line} "
        "is installed; add it to the requirements"
    )
    return Lacking(line, "undeclared", text)


def _older_django(log: str, there: Installed) -> str:
    """The Django that still has what is imported from it, where the project pins none."""
    version = missing.removed_from_django(log)
    pinned = there.dependencies.packages.get("django", "")
    series = [Version(s) for s in django_series(pinned or ">=0")]
    runs = [s for s in series if _runs(str(s), there) and version and s < Version(version)]
    return f"django<{version}" if runs and not pinned.startswith("==") else ""


def _runs(series: str, there: Installed) -> bool:
    span = django_range(series)
    return span is not None and span[0] <= there.python <= span[2]
