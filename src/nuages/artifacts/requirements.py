"""The pinned packages that production needs beside the project's own."""

from __future__ import annotations

from nuages.artifacts import Artifact
from nuages.artifacts.layout import Layout
from nuages.artifacts.render import render
from nuages.model import Deployment


def extra_requirements(deployment: Deployment, layout: Layout) -> tuple[Artifact, ...]:
    """``requirements-cloud.txt``, where anything must be added."""
    wanted = sorted(deployment.image.extra_requirements)
    if not wanted:
        return ()
    return (Artifact(layout.requirements, render("docker/requirements.txt.j2", wanted=wanted)),)
