"""What stays out of the build context."""

from __future__ import annotations

from nuages.artifacts import Artifact
from nuages.artifacts.layout import Layout
from nuages.artifacts.render import render
from nuages.artifacts.requirements import NAME as REQUIREMENTS
from nuages.artifacts.requirements import UNLOCKED
from nuages.artifacts.server import FILES, web_server
from nuages.model import Deployment

_IN_IMAGE = (
    "docker-entrypoint.sh",
    "wait_for_database.py",
    "create_superuser.py",
    "database_role.py",
    REQUIREMENTS,
    UNLOCKED,
)


def dockerignore(deployment: Deployment, layout: Layout) -> Artifact:
    """Beside the Dockerfile under its name where that is not at the root, as BuildKit looks."""
    path = f"{layout.root}Dockerfile.dockerignore" if layout.private else ".dockerignore"
    names = (*_IN_IMAGE, FILES[web_server(deployment).kind])
    kept = [".nuages/overlay", *(layout.path(name) for name in names)]
    return Artifact(path, render("docker/dockerignore.j2", private=layout.private, kept=kept))
