"""What every target offers, and which one a deployment is for."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol, cast

from nuages import targets

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from nuages.artifacts import Artifact
    from nuages.changes.nouns import Nouns
    from nuages.config.pipeline import Pipeline
    from nuages.estimate import Estimate, Traffic
    from nuages.model import Deployment
    from nuages.steps.configuration import Configuration
    from nuages.steps.release import Release
    from nuages.steps.stage import Stage
    from nuages.steps.step import Request
    from nuages.targets.operations import Operations


class Object(Protocol):
    """A small text kept beside the state, and which version of it was read."""

    text: str
    version: str


class Client(Protocol):
    """Talks to a cloud: the one part of a target that has effects."""

    def send(self, request: Request) -> Any:
        """Send one request; return what JSON can hold.

        Raises CloudRefused for every answer that is not a success nor among ``accept``.
        """

    def poll(self, request: Request, answer: Any) -> tuple[bool, Any]:
        """Whether a long-running operation has ended, and what it ended in."""

    def secret(self, id: str) -> str:
        """The newest value of a secret."""

    def keep(self, id: str, value: str) -> None:
        """Give a secret this value where its newest one is another, or none."""

    def token(self) -> str:
        """The access token of whoever deploys."""

    def identity(self, audience: str) -> str:
        """An ID token for a private service."""

    def read(self, place: str, name: str) -> Object | None:
        """An object of the state's bucket; None where there is none."""

    def write(self, place: str, name: str, text: str, version: str | None) -> str:
        """Write it where it still has this version (None: where it is not there yet).

        Returns the new version. Raises Changed where somebody was faster.
        """

    def upload(self, place: str, name: str, path: Path) -> str:
        """Put a file there, however large, whatever lies there now; returns its version."""

    def delete(self, place: str, name: str, version: str) -> None:
        """Remove it where it still has this version."""


class Target(Protocol):
    """A place that takes containers: a package here, named as its provider, with a ``TARGET``."""

    def artifacts(self, deployment: Deployment) -> tuple[Artifact, ...]:
        """The files that ``render`` writes for this target, beside those of the image."""

    def pipelines(self, deployment: Deployment, pipeline: Pipeline) -> tuple[Artifact, ...]:
        """The file of each kind of pipeline that was asked for: it tests, then releases."""

    def estimate(self, deployment: Deployment, traffic: Traffic, *, free: bool = True) -> Estimate:
        """What a month costs. Without ``free``, nothing is left of the account's allowances."""

    def account(self, environment: Mapping[str, str]) -> str | None:
        """The cloud's own project or account that its tools are set to."""

    def configuration(self, deployment: Deployment, account: str) -> Configuration:
        """What its Terraform configuration is planned with, before there is a release."""

    def nouns(self) -> Nouns:
        """What the objects of its infrastructure are called."""

    def preparation(self, deployment: Deployment, release: Release) -> tuple[Stage, ...]:
        """What must be there before anything is written down: looks, then makes what is missing.

        Every step of it may be done at any time, by two at once too.
        """

    def release(self, deployment: Deployment, release: Release) -> tuple[Stage, ...]:
        """From the image to the traffic, in order."""

    def undo(self, deployment: Deployment, release: Release) -> tuple[Stage, ...]:
        """Send everybody to where they were sent before this release, and drop its candidate."""

    def rollback(self, deployment: Deployment, release: Release) -> tuple[Stage, ...]:
        """Everybody and every worker to the revision of an earlier release, told by its outputs."""

    def place(self, deployment: Deployment, release: Release) -> tuple[str, str]:
        """Where journal and lock are: the bucket, and what begins their names."""

    def operations(self, deployment: Deployment, account: str) -> Operations:
        """What is done with a site that has been released."""

    def client(self, environment: Mapping[str, str]) -> Client:
        """Who talks to the cloud; raises ToolMissing or InputNeeded where nobody can."""


def target(provider: str) -> Target | None:
    """The target of a provider; None where the files of the image are all there is to write."""
    if provider not in names():
        return None
    return cast(Target, import_module(f"{targets.__name__}.{provider}").TARGET)


def names() -> tuple[str, ...]:
    """Every target there is."""
    return tuple(sorted(each.name for each in pkgutil.iter_modules(targets.__path__) if each.ispkg))
