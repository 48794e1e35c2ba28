"""Which method a request is for."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from urllib.parse import unquote

from fakes.google.discovery import APIS, Method, api, methods


@cache
def table() -> dict[tuple[str, str], tuple[Method, ...]]:
    """Methods by host and HTTP verb; custom verbs (":run") before the names that they follow."""
    found = defaultdict(list)
    for name in APIS:
        for method in methods(name):
            found[api(name).host, method.verb].append(method)
    return {key: tuple(sorted(routes, key=_rank)) for key, routes in found.items()}


def _rank(method: Method) -> tuple[bool, int]:
    tail = method.path.rsplit("}", 1)[-1]
    return (not tail.startswith(":"), -len(method.path))


def matched(host: str, verb: str, path: str) -> tuple[Method, dict[str, str]] | None:
    """The method and its path parameters; `path` is still quoted and has no leading slash."""
    for method in table().get((host, verb), ()):
        # "{+name}" arrives with its slashes, "{object}" with quoted ones.
        found = method.regex.fullmatch(path) or method.regex.fullmatch(_plain(path))
        if found:
            return method, {name: unquote(value) for name, value in found.groupdict().items()}
    return None


def _plain(path: str) -> str:
    return path.replace("%3A", ":").replace("%40", "@")
