"""Releases that refuse what a project does, and were not there when it was written: a pure table.

A project that pins nothing gets today's. What is told by versions alone stands in `config.age`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Outgrown:
    """What a log says where ``package`` is newer than ``below``, and why."""

    pattern: str
    package: str
    below: str
    why: str


TABLE: tuple[Outgrown, ...] = (
    # https://github.com/encode/django-rest-framework/pull/8438
    Outgrown(
        r"Router with basename .* is already registered",
        "djangorestframework",
        "3.15",
        "since then two routes may not share a basename",
    ),
    # https://docs.allauth.org/en/latest/release-notes/2023.html
    Outgrown(
        r"allauth\.account\.middleware\.AccountMiddleware must be added",
        "django-allauth",
        "0.56",
        "since then it asks for a middleware of its own",
    ),
    # https://numpy.org/doc/stable/numpy_2_0_migration_guide.html
    Outgrown(
        r"numpy\.dtype size changed|compiled using NumPy 1\.x cannot be run in NumPy 2",
        "numpy",
        "2",
        "an installed package is compiled for the one before",
    ),
    # https://docs.pydantic.dev/latest/migration/
    Outgrown(
        r"BaseSettings` has been moved to the `pydantic-settings`",
        "pydantic",
        "2",
        "its settings moved into another package",
    ),
    # https://github.com/encode/httpx/blob/master/CHANGELOG.md
    Outgrown(
        r"unexpected keyword argument 'proxies'",
        "httpx",
        "0.28",
        "an installed package gives it an argument that is gone since",
    ),
    # An editor's import by mistake, for a field's ``upload_to``; Python has it until 3.11.
    # https://setuptools.pypa.io/en/stable/history.html
    Outgrown(
        r"No module named 'distutils\.command\.(?:upload|register)'",
        "setuptools",
        "75",
        "later ones have no such command; the import is most likely a mistake",
    ),
    # https://marshmallow.readthedocs.io/en/latest/changelog.html
    Outgrown(
        r"module 'marshmallow' has no attribute '__version_info__'",
        "marshmallow",
        "4",
        "an installed package asks it for its version in the old way",
    ),
    # https://markupsafe.palletsprojects.com/en/stable/changes/#version-2-1-0
    Outgrown(
        r"cannot import name '?soft_unicode'? from '?markupsafe",
        "markupsafe",
        "2.1",
        "soft_unicode is gone since, which Jinja before 3 imports",
    ),
)


def older(log: str, required: Mapping[str, str]) -> tuple[str, str]:
    """A requirement that goes back below the break, and why; empty where the project pins it.

    ``required`` are the project's own requirements: a name and its versions.
    """
    for entry in TABLE:
        pinned = required.get(entry.package, "").lstrip().startswith("==")
        if re.search(entry.pattern, log) and not pinned:
            line = f"{entry.package}<{entry.below}"
            return line, f"{line} is installed: {entry.why}; pin it in the requirements"
    return "", ""
