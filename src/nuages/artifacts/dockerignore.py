"""What never gets into the build context, and so never into an image."""

from __future__ import annotations

from nuages.artifacts import Artifact
from nuages.artifacts.layout import Layout
from nuages.artifacts.render import render


def dockerignore(layout: Layout) -> Artifact:
    """Secrets, history, caches and what the build makes itself."""
    text = render("docker/dockerignore.j2", private=layout.private)
    return Artifact(layout.dockerignore, text)
