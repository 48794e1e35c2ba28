"""compose.yaml: the production site on one machine, with the services that it needs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from nuages.artifacts import Artifact
from nuages.artifacts.layout import (
    DATA,
    MEDIA_ROOT,
    PORT,
    STATIC_ROOT,
    Layout,
    collects_to_static_root,
    hosts,
    in_image,
)
from nuages.artifacts.render import render
from nuages.artifacts.stores import cache, database
from nuages.artifacts.wired import wired
from nuages.model import Deployment, Job, Service

MEBIBYTE = 2**20
PROXY_PORT = 8080
_ELSEWHERE = frozenset({"GCS_BUCKET_NAME", "AWS_STORAGE_BUCKET_NAME"})
"""Uploads of the site on one machine stay on that machine."""

_FILES = {"superuser": "create_superuser.py", "db-init": "database_role.py"}
"""Programs that the image has as files, so that no long line of them stands here."""


def compose(deployment: Deployment, layout: Layout) -> Artifact:
    """The compose file; passwords come from ``.env`` beside it."""
    text = render(
        "docker/compose.yaml.j2",
        name=deployment.name,
        private=layout.private,
        context=".." if layout.private else ".",
        dockerfile=f"{layout.root}Dockerfile",
        nginx_conf="./nginx.conf" if layout.private else f"./{layout.path('nginx.conf')}",
        environment=_quoted(environment(deployment)),
        volumes=volumes(deployment),
        database=database(deployment.database),
        cache=cache(deployment.cache, is_broker=bool(deployment.services)),
        static_root=static_root(deployment),
        web=_service(deployment.web),
        services=[_service(service) for service in deployment.services],
        jobs=[_job(job, layout) for job in jobs(deployment) if job.schedule is None],
        before_web=_before_web(deployment),
        proxy_port=PROXY_PORT,
        tls=layout.tls,
    )
    return Artifact(f"{layout.root}compose.yaml", text)


def environment(deployment: Deployment) -> dict[str, str]:
    """What the site is told, and that a line in ``.env`` may say otherwise."""
    known = {k: v for k, v in deployment.environment_variables.items() if k not in _ELSEWHERE}
    found = {name: _escaped(value) for name, value in known.items()}
    found["ALLOWED_HOSTS"] = _default("ALLOWED_HOSTS", ",".join(hosts(deployment)))
    storage = "file:///app/media/?url=%2Fmedia%2F"
    found["DEFAULT_STORAGE_DSN"] = _default("DEFAULT_STORAGE_DSN", storage)
    found["PORT"] = str(PORT)
    for name, value in wired(deployment).items():
        found[name] = _default(name, value)
    return dict(sorted(found.items()))


def jobs(deployment: Deployment) -> tuple[Job, ...]:
    """Those with something to do here, where the server itself makes the site's role."""
    return tuple(j for j in deployment.jobs if j.purpose != "db-init" or j.environment)


def volumes(deployment: Deployment) -> dict[str, str]:
    """The volumes of the site, by name, and where they are mounted."""
    mount = deployment.storage.mount if deployment.storage else None
    found = {"media": mount or MEDIA_ROOT}
    if deployment.database and deployment.database.engine == "sqlite":
        found["data"] = DATA
    return found


def _default(name: str, value: str) -> str:
    """The value of that name in ``.env``, else ``value``, which may refer to others."""
    return f"${{{name}:-{value}}}"


def _escaped(value: str) -> str:
    return value.replace("$", "$$")


def _quoted(values: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(name, json.dumps(value, ensure_ascii=False)) for name, value in values.items()]


def _argv(command: Iterable[str]) -> str:
    return json.dumps([_escaped(word) for word in command], ensure_ascii=False)


def static_root(deployment: Deployment) -> str | None:
    """Where the image keeps static files that nginx can serve by itself."""
    if deployment.image.collectstatic and collects_to_static_root(deployment):
        return STATIC_ROOT
    return None


def _before_web(deployment: Deployment) -> list[str]:
    """Jobs that must have ended well before the site starts, in their order."""
    order = {"db-init": 0, "migrate": 1}
    due = [job for job in jobs(deployment) if job.purpose in order]
    return [job.name for job in sorted(due, key=lambda job: order[job.purpose])]


def _service(service: Service) -> dict[str, Any]:
    return {
        "name": service.name,
        "command": _argv(service.command),
        "memory": f"{service.memory // MEBIBYTE}m",
        "environment": _quoted({k: _escaped(v) for k, v in sorted(service.environment.items())}),
        "replicas": service.scaling.min_instances if service.command else 1,
        "grace": service.stop_timeout,
    }


def _job(job: Job, layout: Layout) -> dict[str, Any]:
    file = _FILES.get(job.purpose)
    return {
        "name": job.name,
        "command": _argv(("python", in_image(layout.path(file))) if file else job.command),
        "memory": f"{job.memory // MEBIBYTE}m",
        "environment": _quoted({k: _escaped(v) for k, v in sorted(job.environment.items())}),
        "by_hand": job.purpose not in {"db-init", "migrate"},
        "first": job.purpose == "db-init",
    }
