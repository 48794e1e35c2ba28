"""How each production server is started in the container, and what configures it.

Every server listens on ``PORT`` and is started with no shell between, so that it receives
SIGTERM. What has no place on a command line stands in a file of the server's own kind.
"""

from __future__ import annotations

from collections.abc import Mapping

from nuages.artifacts import Artifact
from nuages.artifacts.layout import APP, Layout
from nuages.artifacts.render import render
from nuages.model import Deployment, ServerProcess

_FILES = {"gunicorn": "gunicorn.conf.py", "uwsgi": "uwsgi.ini"}
_ASGI_WORKER = "uvicorn_worker.UvicornWorker"


def server_of(deployment: Deployment) -> ServerProcess:
    """The web service's server, which every deployment has."""
    server = deployment.web.server
    if server is None:
        raise ValueError("the web service has no server")
    return server


def command(deployment: Deployment, layout: Layout) -> tuple[str, ...]:
    """The argv of the server in the image."""
    server = server_of(deployment)
    return {
        "gunicorn": ("gunicorn", "--config", _inside(layout, server), server.target),
        "uvicorn": ("uvicorn", server.target),
        "uwsgi": ("uwsgi", _inside(layout, server)),
        "granian": ("granian", server.target),
    }[server.kind]


def environment(server: ServerProcess) -> Mapping[str, str]:
    """What the image sets for servers that are tuned by variables of their own."""
    if server.kind == "uvicorn":
        return _uvicorn(server)
    return _granian(server) if server.kind == "granian" else {}


def port_variable(server: ServerProcess) -> str | None:
    """The variable that carries PORT to a server that does not read PORT itself."""
    return {"uvicorn": "UVICORN_PORT", "granian": "GRANIAN_PORT"}.get(server.kind)


def server_files(deployment: Deployment, layout: Layout) -> tuple[Artifact, ...]:
    """The server's configuration file, where it has one."""
    server = server_of(deployment)
    name = _FILES.get(server.kind)
    if name is None:
        return ()
    text = render(
        f"docker/{name}.j2",
        server=server,
        worker_class=_ASGI_WORKER if server.asgi else "gthread",
        live=deployment.web.liveness.path if deployment.web.liveness else "/health/live",
        static_url=deployment.static_url,
        serves_static=deployment.static == "server",
    )
    return (Artifact(f"{layout.folder}/{name}", text),)


def _inside(layout: Layout, server: ServerProcess) -> str:
    return f"{APP}/{layout.folder}/{_FILES.get(server.kind, '')}"


def _uvicorn(server: ServerProcess) -> dict[str, str]:
    return {
        "UVICORN_HOST": "0.0.0.0",  # noqa: S104 -- inside a container
        "UVICORN_INTERFACE": "auto" if server.asgi else "wsgi",
        "UVICORN_TIMEOUT_KEEP_ALIVE": str(server.keepalive),
        "UVICORN_TIMEOUT_GRACEFUL_SHUTDOWN": str(server.graceful_timeout),
        "UVICORN_SERVER_HEADER": "false",
    }


def _granian(server: ServerProcess) -> dict[str, str]:
    own = {
        "GRANIAN_HOST": "0.0.0.0",  # noqa: S104 -- inside a container
        "GRANIAN_INTERFACE": "asginl" if server.asgi else "wsgi",
        "GRANIAN_LOG_ACCESS_ENABLED": "true",
        "GRANIAN_RESPAWN_FAILED_WORKERS": "true",
        "GRANIAN_WORKERS_KILL_TIMEOUT": str(server.graceful_timeout),
    }
    threads = {} if server.asgi else {"GRANIAN_BLOCKING_THREADS": str(server.threads)}
    return own | threads
