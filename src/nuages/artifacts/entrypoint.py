"""What runs before the container's command."""

from __future__ import annotations

from nuages.artifacts import Artifact
from nuages.artifacts.layout import Layout
from nuages.artifacts.render import render
from nuages.config.jobs import database_role
from nuages.model import Deployment


def entrypoint(deployment: Deployment, layout: Layout) -> tuple[Artifact, ...]:
    """The script, the two steps that it takes where they are asked for, and a job's program."""
    names = ("docker-entrypoint.sh", "wait_for_database.py", "create_superuser.py")
    steps = tuple(
        Artifact(
            layout.path(name),
            render(f"docker/{name}.j2", folder=layout.folder),
            executable=name.endswith(".sh"),
        )
        for name in names
    )
    if not (deployment.database and deployment.database.extensions):
        return steps
    return (*steps, Artifact(layout.path("database_role.py"), database_role()))
