"""Which Pythons each Django, and wheels of packages with compiled parts, are made for.

Django: https://docs.djangoproject.com/en/stable/faq/install/ and each
release's notes; wheels: the files of each release on the Python Package Index.
"""

from __future__ import annotations

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version

Minor = tuple[int, int]

OBTAINABLE: tuple[Minor, ...] = tuple((3, minor) for minor in range(8, 15))
"""Pythons that uv and the official images offer: https://docs.astral.sh/uv/reference/policies/python/"""

RETIRED: tuple[Minor, ...] = ((3, 6), (3, 7))
"""Pythons that are still found, and taken only where none of the others can do it."""

DJANGO: dict[str, tuple[Minor, Minor, Minor]] = {
    # series: oldest, newest when it came out, newest that its last patch supports or runs on
    "1.8": ((3, 2), (3, 5), (3, 6)),  # 3.7 does not parse it
    "1.9": ((3, 4), (3, 5), (3, 6)),
    "1.10": ((3, 4), (3, 5), (3, 6)),
    "1.11": ((3, 4), (3, 6), (3, 9)),  # officially to 3.7; runs to 3.9
    "2.0": ((3, 4), (3, 6), (3, 9)),  # officially to 3.7; runs to 3.9
    "2.1": ((3, 5), (3, 7), (3, 9)),  # officially to 3.7; runs to 3.9
    "2.2": ((3, 5), (3, 7), (3, 9)),
    "3.0": ((3, 6), (3, 8), (3, 9)),
    "3.1": ((3, 6), (3, 8), (3, 9)),
    "3.2": ((3, 6), (3, 9), (3, 10)),
    "4.0": ((3, 8), (3, 10), (3, 10)),
    "4.1": ((3, 8), (3, 10), (3, 11)),
    "4.2": ((3, 8), (3, 11), (3, 12)),
    "5.0": ((3, 10), (3, 12), (3, 12)),
    "5.1": ((3, 10), (3, 12), (3, 13)),
    "5.2": ((3, 10), (3, 13), (3, 14)),
    "6.0": ((3, 12), (3, 14), (3, 14)),
    "6.1": ((3, 12), (3, 14), (3, 15)),
}

WHEELS: dict[str, tuple[tuple[str, Minor], ...]] = {
    # package: from this version on, wheels up to this Python
    "psycopg2-binary": (
        ("0", (3, 8)), ("2.8.6", (3, 9)), ("2.9.2", (3, 10)), ("2.9.4", (3, 11)),
        ("2.9.8", (3, 12)), ("2.9.10", (3, 13)), ("2.9.11", (3, 14)),
    ),
    "psycopg-binary": (
        ("0", (3, 10)), ("3.1.4", (3, 11)), ("3.1.12", (3, 12)), ("3.2.3", (3, 13)),
        ("3.2.11", (3, 14)),
    ),
    "pillow": (
        ("0", (3, 8)), ("8.0", (3, 9)), ("8.4", (3, 10)), ("9.3", (3, 11)), ("10.1", (3, 12)),
        ("11.0", (3, 13)), ("12.0", (3, 14)),
    ),
    "lxml": (
        ("0", (3, 8)), ("4.6.1", (3, 9)), ("4.6.4", (3, 10)), ("4.9.2", (3, 11)),
        ("4.9.4", (3, 12)), ("5.3", (3, 13)), ("6.0.1", (3, 14)),
    ),
    "pyyaml": (("0", (3, 8)), ("5.4", (3, 9)), ("6.0", (3, 11)), ("6.0.1", (3, 12)),
        ("6.0.2", (3, 13)), ("6.0.3", (3, 14))),
    "aiohttp": (("0", (3, 9)), ("3.8", (3, 11)), ("3.9", (3, 12)), ("3.10.9", (3, 13)),
        ("3.13", (3, 14))),
    "numpy": (("0", (3, 9)), ("1.21.2", (3, 10)), ("1.23.3", (3, 11)), ("1.26", (3, 12)),
        ("2.1", (3, 13)), ("2.3.2", (3, 14))),
    "pandas": (("0", (3, 9)), ("1.3.3", (3, 10)), ("1.5.1", (3, 11)), ("2.1.1", (3, 12)),
        ("2.2.3", (3, 13)), ("2.3.3", (3, 14))),
    "cffi": (("0", (3, 9)), ("1.15", (3, 11)), ("1.16", (3, 12)), ("1.17", (3, 13)),
        ("2.0", (3, 14))),
    "greenlet": (("0", (3, 9)), ("1.1.2", (3, 10)), ("2.0", (3, 11)), ("3.0", (3, 12)),
        ("3.1", (3, 13)), ("3.2.4", (3, 14))),
    "grpcio": (("0", (3, 9)), ("1.41", (3, 10)), ("1.49", (3, 11)), ("1.59", (3, 12)),
        ("1.67", (3, 13)), ("1.75.1", (3, 14))),
    "pydantic-core": (("0", (3, 12)), ("2.20", (3, 13)), ("2.41", (3, 14))),
    "hiredis": (("0", (3, 9)), ("2.0.1", (3, 10)), ("2.1", (3, 11)), ("2.2.3", (3, 12)),
        ("3.1", (3, 13)), ("3.3", (3, 14))),
}  # fmt: skip


def django_range(series: str) -> tuple[Minor, Minor, Minor] | None:
    """Oldest, newest at its release, newest at all, for a Django version or series."""
    parts = series.split(".")
    return DJANGO.get(".".join(parts[:2]))


def django_series(specifier: str) -> list[str]:
    """The Django series that a specifier admits, the newest first."""
    try:
        wanted = SpecifierSet(specifier)
    except InvalidSpecifier:
        return []
    # a late patch of each series stands for it; an exact pin is its own series
    probes = {series: [f"{series}.{patch}" for patch in range(40)] for series in DJANGO}
    found = [s for s, patches in probes.items() if any(wanted.contains(p) for p in patches)]
    return sorted(found, key=Version, reverse=True)


def newest_wheel(package: str, version: str) -> Minor | None:
    """The newest Python that a pinned version has wheels for; None when that is not known."""
    table = WHEELS.get(package)
    if table is None:
        return None
    try:
        pinned = Version(version)
    except InvalidVersion:
        return None
    return next(python for since, python in reversed(table) if pinned >= Version(since))
