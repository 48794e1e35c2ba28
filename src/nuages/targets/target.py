"""What every target offers, and which one a deployment is for."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from typing import Protocol, cast

from nuages import targets
from nuages.artifacts import Artifact
from nuages.model import Deployment


class Target(Protocol):
    """A place that takes containers: a package here, named as its provider, with a ``TARGET``."""

    def artifacts(self, deployment: Deployment) -> tuple[Artifact, ...]:
        """The files that ``render`` writes for this target, beside those of the image."""


def target(provider: str) -> Target | None:
    """The target of a provider; None where the files of the image are all there is to write."""
    if provider not in names():
        return None
    return cast(Target, import_module(f"{targets.__name__}.{provider}").TARGET)


def names() -> tuple[str, ...]:
    """Every target there is."""
    return tuple(sorted(each.name for each in pkgutil.iter_modules(targets.__path__) if each.ispkg))
