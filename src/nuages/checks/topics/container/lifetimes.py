"""Releases that get no security fixes any more, as of November 2026.

Debian with its long-term support: https://wiki.debian.org/LTS; Ubuntu without Pro:
https://ubuntu.com/about/release-cycle; Alpine: https://alpinelinux.org/releases/; Node:
https://nodejs.org/en/about/previous-releases; nginx: https://nginx.org/en/download.html. Databases
are judged among their own rules.
"""

from __future__ import annotations

import re

_DEBIAN = {
    "wheezy": "2018", "jessie": "2020", "stretch": "2022", "buster": "June 2024",
    "bullseye": "August 2026",
}  # fmt: skip
_UBUNTU = {
    "xenial": "2021", "bionic": "2023", "focal": "May 2025", "kinetic": "2023", "lunar": "2024",
    "mantic": "2024", "oracular": "July 2025", "plucky": "January 2026",
}  # fmt: skip
_ALPINE = (3, 21)
"""The newest that has ended (1 November 2026)."""
_VERSIONS: dict[str, tuple[tuple[int, ...], str]] = {
    "node": ((20,), "April 2026"),
    "redis": ((5,), "2022"),
    "ubuntu": ((20, 4), "May 2025"),
    "debian": ((11,), "August 2026"),
    "alpine": (_ALPINE, "November 2026"),
    "nginx": ((1, 26), "April 2025"),
}
"""Image: its newest release that has ended, and when."""
_NAME = re.compile(
    r"(?:^|/)(?P<name>[a-z]+)(?:-\w+)?:v?(?P<version>\d+(?:\.\d+)*)(?P<rest>[\w.-]*)"
)
_DISTRIBUTION = re.compile(rf"[:-](?:slim-)?({'|'.join([*_DEBIAN, *_UBUNTU])})\b")
_ALPINE_OF = re.compile(r"alpine(\d+)\.(\d+)")


def ended(image: str) -> str:
    """What has ended of an image such as ``python:3.13-slim-buster``; empty: nothing known."""
    distribution = _DISTRIBUTION.search(image)
    if distribution:
        name = distribution[1]
        family = "Debian" if name in _DEBIAN else "Ubuntu"
        when = _DEBIAN.get(name) or _UBUNTU[name]
        return f"{family} {name} has had no security fixes since {when}"
    alpine = _ALPINE_OF.search(image)
    if alpine and (int(alpine[1]), int(alpine[2])) <= _ALPINE:
        return f"Alpine {alpine[1]}.{alpine[2]} gets no security fixes any more"
    return _by_version(image)


def _by_version(image: str) -> str:
    found = _NAME.search(image)
    if not found or found["name"] not in _VERSIONS:
        return ""
    newest, when = _VERSIONS[found["name"]]
    version = tuple(int(part) for part in found["version"].split("."))
    if len(version) < len(newest):  # nginx:1 is the newest of them
        gone = version < newest[: len(version)]
    else:
        gone = version[: len(newest)] <= newest
    return f"{found['name']} {found['version']} has had no fixes since {when}" if gone else ""
