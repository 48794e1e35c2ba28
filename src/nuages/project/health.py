"""Paths that answer whether the site is well."""

from __future__ import annotations

import re

from nuages.project.facts import Evidence, Fact
from nuages.project.python_source import at
from nuages.project.site import Site
from nuages.project.urls import Route

_PACKAGES = re.compile(
    r"health_check\.urls|watchman\.urls|django_healthchecks?|healthcheck|heartbeat"
)
_WORDS = re.compile(
    r"/(?:_?health(?:z|y|[-_]?checks?|status)?|_?healthz?/\w+|ping|livez?|liveness|readyz?|readiness"
    r"|ht|status|up|heartbeat|__heartbeat__|__lbheartbeat__|watchman|alive|live)/?$"
)
_MIDDLEWARE = re.compile(
    r"path(?:_info)?(?:\.rstrip\([^)]*\))?\s*(?:==|in)\s*"
    r"[\[({]?\s*[\"'](/[\w/-]+)[\"']"
)
_HEALTHY = re.compile(r"health|ready|live|alive|ping", re.IGNORECASE)


def health_endpoints(site: Site, found: list[Route]) -> tuple[Fact[str], ...]:
    """By the library whose URLs are included, by a telling path, or by a middleware."""
    facts: dict[str, Fact[str]] = {}
    for route in found:
        by_package = _PACKAGES.search(route.view) and "lambda" not in route.view
        if by_package or _WORDS.search(route.path):
            facts.setdefault(route.path, Fact(route.path, (route.evidence,)))
    for fact in _by_middleware(site):
        facts.setdefault(fact.value, fact)
    return tuple(facts.values())


def _by_middleware(site: Site) -> list[Fact[str]]:
    found = []
    for dotted in site.texts("MIDDLEWARE"):
        module, _, name = dotted.rpartition(".")
        path = site.sources.path(module)
        if path is None or not _HEALTHY.search(dotted):
            continue
        text = site.tree.read(path) or ""
        for match in _MIDDLEWARE.finditer(text):
            evidence = at(path, text, match.start(1), f"{name} answers {match[1]}")
            found.append(
                Fact(match[1], (evidence, Evidence(site.at("MIDDLEWARE").location, dotted)))
            )
    return found
