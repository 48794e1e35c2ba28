"""What runs before the container's command."""

from __future__ import annotations

from nuages.artifacts import Artifact
from nuages.artifacts.layout import Layout
from nuages.artifacts.render import render


def entrypoint(layout: Layout) -> tuple[Artifact, ...]:
    """The script, and the two steps that it takes where they are asked for."""
    names = ("docker-entrypoint.sh", "wait_for_database.py", "create_superuser.py")
    return tuple(
        Artifact(
            layout.path(name),
            render(f"docker/{name}.j2", folder=layout.folder),
            executable=name.endswith(".sh"),
        )
        for name in names
    )
