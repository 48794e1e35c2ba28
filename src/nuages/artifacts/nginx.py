"""nginx in front of the container: compression, uploads, unknown hosts."""

from __future__ import annotations

from nuages.artifacts import Artifact
from nuages.artifacts.layout import Layout
from nuages.artifacts.render import render
from nuages.artifacts.servers import server_of
from nuages.model import Deployment

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")


def nginx(deployment: Deployment, layout: Layout) -> Artifact:
    """A whole nginx.conf, for an nginx that is not root and writes only to /tmp."""
    server = server_of(deployment)
    text = render(
        "docker/nginx.conf.j2",
        hosts=[*LOOPBACK, *filter(None, [deployment.domain]), *deployment.aliases],
        static_url=_path(deployment.static_url),
        media_url=_path(deployment.media_url),
        asgi=server.asgi,
        max_upload=f"{-(-server.max_upload // 2**20)}m",
        timeout=server.timeout + 5,
    )
    return Artifact(layout.nginx, text)


def _path(url: str) -> str | None:
    """A URL's path where nginx serves it; None for another host, and for the whole site."""
    return url if url.startswith("/") and url != "/" and not url.startswith("//") else None
