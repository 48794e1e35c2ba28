"""nginx in front of the site: static files, uploads, compression, unknown hosts."""

from __future__ import annotations

from nuages.artifacts import Artifact
from nuages.artifacts.compose import PROXY_PORT
from nuages.artifacts.layout import PORT, Layout, collects_to_static_root, hosts, url_path
from nuages.artifacts.render import render
from nuages.artifacts.server import health_paths, web_server
from nuages.model import Deployment


def nginx(deployment: Deployment, layout: Layout) -> Artifact:
    """A whole nginx.conf, for an nginx that is not root and writes only to /tmp."""
    server = web_server(deployment)
    collected = deployment.image.collectstatic and collects_to_static_root(deployment)
    text = render(
        "docker/nginx.conf.j2",
        hosts=[*hosts(deployment), "[::1]"],
        health=health_paths(deployment),
        static_url=url_path(deployment.static_url) if collected else None,
        media_url=url_path(deployment.media_url),
        asgi=server.asgi,
        max_upload=f"{-(-server.max_upload // 2**20)}m",
        timeout=server.timeout + 10,
        port=PORT,
        proxy_port=PROXY_PORT,
        tls=layout.tls,
    )
    return Artifact(layout.path("nginx.conf"), text)
