"""The image: built here, pushed by the release's name, known from then on by its digest."""

from __future__ import annotations

import json
from collections.abc import Sequence

from nuages.errors import StepFailed
from nuages.steps import docker
from nuages.steps.release import Release
from nuages.steps.stage import Outputs, Stage
from nuages.steps.step import Run, Step, Token

CONFIG = ".nuages/docker"
"""Where the access token is while the image is pushed; never beside the user's own."""
USER = "oauth2accesstoken"
"""https://cloud.google.com/artifact-registry/docs/docker/authentication#token"""


def stage(release: Release) -> Stage:
    return Stage(
        "image",
        "Build and push the image",
        lambda o: _steps(release, o),
        remembered=True,
    )


def reference(release: Release, outputs: Outputs) -> str:
    """The tag under which a release's image is pushed.

    Tags cannot be moved in this registry: each attempt has one of its own.
    """
    tag = release.id + (f"-{release.attempt}" if release.attempt > 1 else "")
    return f"{outputs.text('registry', 'registryUri')}/web:{tag}"


def build(release: Release, tag: str) -> docker.Argv:
    """The command line of the build, whoever runs it."""
    labels = {"org.opencontainers.image.version": release.id}
    return docker.build([tag], dockerfile=release.dockerfile, labels=labels)


def _steps(release: Release, outputs: Outputs) -> Sequence[Step]:
    tag = reference(release, outputs)
    host = tag.partition("/")[0]
    return [
        Run("Build the image", build(release, tag), environment=docker.BUILDKIT),
        Run("Log in to the registry", docker.login(host, USER, config=CONFIG), stdin=Token()),
        Run("Push the image", docker.push(tag, config=CONFIG)),
        Run("Log out", docker.logout(host, config=CONFIG)),
        Run(
            "Its digest",
            docker.repo_digests(tag),
            output="image",
            read=lambda text: digest(text, tag),
        ),
    ]


def digest(printed: str, tag: str) -> str:
    """``name@sha256:…`` of a pushed tag, out of every name that the image has.

    Raises StepFailed where the registry has none.
    """
    name = tag.rpartition(":")[0]
    found = [each for each in json.loads(printed) or () if each.startswith(f"{name}@")]
    if not found:
        raise StepFailed(f"{tag} was pushed, and has no digest", reason="no-digest")
    return str(found[0])
