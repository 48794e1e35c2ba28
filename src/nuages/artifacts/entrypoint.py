"""What runs before the server: nothing, unless a variable asks for it."""

from __future__ import annotations

from nuages.artifacts import Artifact
from nuages.artifacts.layout import Layout
from nuages.artifacts.render import render
from nuages.artifacts.servers import port_variable, server_of
from nuages.model import Deployment


def entrypoint(deployment: Deployment, layout: Layout) -> Artifact:
    """The image's entrypoint, which ends by giving its place to the server."""
    server = server_of(deployment)
    text = render(
        "docker/entrypoint.sh.j2",
        support=deployment.overlay.support_module,
        port_variable=port_variable(server),
        hosts_pattern=server.kind == "uwsgi",
    )
    return Artifact(layout.entrypoint, text, executable=True)
