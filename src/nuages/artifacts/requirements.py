"""The requirements that generated settings and the server have beyond the project's own."""

from __future__ import annotations

from nuages.artifacts import Artifact
from nuages.artifacts.layout import Layout
from nuages.artifacts.render import render
from nuages.model import Deployment

NAME = "requirements-cloud.txt"


UNLOCKED = "requirements.txt"


def unlocked_requirements(deployment: Deployment, layout: Layout) -> tuple[Artifact, ...]:
    """What the project asks for, where its manager has no lock that says it exactly."""
    image = deployment.image
    if not image.unlocked:
        return ()
    lines = sorted(image.unlocked, key=str.lower)
    text = render("docker/requirements.txt.j2", manager=image.installer, lines=lines)
    return (Artifact(layout.path(UNLOCKED), text),)


def cloud_requirements(deployment: Deployment, layout: Layout) -> tuple[Artifact, ...]:
    """The file with them, or nothing where the project brings all of it."""
    lines = deployment.image.extra_requirements
    if not lines:
        return ()
    text = render("docker/requirements-cloud.txt.j2", lines=sorted(lines, key=str.lower))
    return (Artifact(layout.path(NAME), text),)
