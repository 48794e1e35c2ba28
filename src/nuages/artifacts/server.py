"""The web server's configuration, and the command that starts it."""

from __future__ import annotations

import re

from nuages.artifacts import Artifact
from nuages.artifacts.cloud_settings import LIVE, READY
from nuages.artifacts.layout import (
    PORT,
    Layout,
    collects_to_static_root,
    hosts,
    in_image,
    url_path,
)
from nuages.artifacts.render import render
from nuages.model import Deployment, Server, ServerProcess

FILES: dict[Server, str] = {
    "gunicorn": "gunicorn.conf.py",
    "uvicorn": "uvicorn_server.py",
    "granian": "granian_server.py",
    "uwsgi": "uwsgi.ini",
}


def web_server(deployment: Deployment) -> ServerProcess:
    """How the web service is served; every web service has a server."""
    if deployment.web.server is None:
        raise ValueError("the web service has no server")
    return deployment.web.server


def server(deployment: Deployment, layout: Layout) -> tuple[Artifact, ...]:
    """The configuration of the server that was chosen."""
    process = web_server(deployment)
    text = render(
        f"docker/{FILES[process.kind]}.j2",
        server=process,
        port=PORT,
        worker_class=_worker_class(deployment),
        static_url=url_path(deployment.static_url) if collects_to_static_root(deployment) else None,
        hosts_pattern=_hosts_pattern(deployment),
        health_pattern=_health_pattern(deployment),
    )
    return (Artifact(layout.path(FILES[process.kind]), text),)


def command(deployment: Deployment, layout: Layout) -> tuple[str, ...]:
    """The argv of the web service: in the exec form, so that the server gets SIGTERM itself."""
    process = web_server(deployment)
    path = in_image(layout.path(FILES[process.kind]))
    if process.kind == "gunicorn":
        return ("gunicorn", "--config", path, process.target)
    if process.kind == "uwsgi":
        return ("uwsgi", "--ini", path)
    return ("python", path)


def health_paths(deployment: Deployment) -> tuple[str, ...]:
    """The paths that probes ask for, with any Host."""
    probes = (deployment.web.liveness, deployment.web.readiness)
    asked = [probe.path for probe in probes if probe]
    return tuple(dict.fromkeys([*asked, LIVE, READY]))


def _worker_class(deployment: Deployment) -> str:
    """uvicorn's worker for gunicorn moved to a package of its own."""
    moved = any(re.match("uvicorn-worker", line) for line in deployment.image.extra_requirements)
    return "uvicorn_worker.UvicornWorker" if moved else "uvicorn.workers.UvicornWorker"


def _hosts_pattern(deployment: Deployment) -> str | None:
    """Only with a domain: without one, the names that a platform gives are not known here."""
    if not deployment.domain:
        return None
    return "|".join(re.escape(host) for host in hosts(deployment))


def _health_pattern(deployment: Deployment) -> str:
    return f"({'|'.join(re.escape(path) for path in health_paths(deployment))})"
