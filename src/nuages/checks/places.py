"""Which files of a tree are production's, by their names."""

from __future__ import annotations

import re

_WORDS = re.compile(r"[/._-]")
_NOT_PRODUCTION = frozenset(
    {"local", "dev", "devel", "develop", "development", "devcontainer", "debug", "override"}
    | {"test", "tests", "testing", "ci", "e2e", "fixtures", "benchmark", "bench"}
    | {"docs", "doc", "example", "examples"}
)
_PRODUCTION = frozenset({"prod", "production", "deploy", "deployment", "live"})
_DOCKERFILE = re.compile(
    r"(?:^|/)(?:Dockerfile|Containerfile)(?:\.[\w.-]+)?$|\.[Dd]ockerfile$|(?:^|/)dockerfile$"
)
_COMPOSE = re.compile(
    r"(?:^|/)(?:docker-)?compose(?:[.-][\w.-]+)?\.ya?ml$|(?:^|/)(?:production|prod)\.ya?ml$"
)
_NGINX = re.compile(
    r"nginx[^/]*$|(?:^|/)(?:nginx|conf\.d|sites-(?:available|enabled))/[^/]+$|\.conf(?:\.\w+)*$"
)
_WORKFLOW = re.compile(r"^\.github/workflows/[^/]+\.ya?ml$|^\.gitlab-ci\.ya?ml$")
TESTS = re.compile(r"(?:^|/)(?:tests?|testing|conftest\.py|test_[^/]*\.py|[^/]*_tests?\.py)(?:/|$)")
_SCRIPT = re.compile(r"\.(?:sh|bash)$|(?:^|/)(?:docker-)?entrypoint$|(?:^|/)start[\w-]*$")


def _words(path: str) -> set[str]:
    return set(_WORDS.split(path.lower()))


def for_production(paths: list[str]) -> list[str]:
    """Those not named for development; where some are named for production, only those."""
    kept = [path for path in paths if not _words(path) & _NOT_PRODUCTION]
    named = [path for path in kept if _words(path) & _PRODUCTION]
    return named or kept


def dockerfiles(files: tuple[str, ...]) -> list[str]:
    """Dockerfiles that production is built from."""
    found = [path for path in files if _DOCKERFILE.search(path)]
    return for_production([p for p in found if not p.endswith((".dockerignore", ".md", ".j2"))])


def compose_files(files: tuple[str, ...]) -> list[str]:
    """Compose files that production may be run with."""
    return for_production([path for path in files if _COMPOSE.search(path)])


def nginx_files(files: tuple[str, ...]) -> list[str]:
    """Configuration of nginx that production may use."""
    return for_production([path for path in files if _NGINX.search(path)])


def workflows(files: tuple[str, ...]) -> list[str]:
    """Pipelines of GitHub and GitLab."""
    return [path for path in files if _WORKFLOW.search(path)]


def scripts(files: tuple[str, ...]) -> list[str]:
    """Shell scripts, such as entry points."""
    found = [path for path in files if _SCRIPT.search(path) and not path.endswith(".py")]
    return [path for path in found if not _words(path) & _NOT_PRODUCTION]
