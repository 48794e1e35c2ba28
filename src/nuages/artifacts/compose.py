"""compose.yaml: the production site on one machine, with the services that it needs."""

from __future__ import annotations

from typing import Any

from nuages.artifacts import Artifact
from nuages.artifacts.layout import MEDIA, Layout
from nuages.artifacts.nginx import LOOPBACK
from nuages.artifacts.render import render
from nuages.model import Cache, Database, Deployment, Job, Service

MEBIBYTE = 2**20


def compose(deployment: Deployment, layout: Layout) -> Artifact:
    """The compose file; passwords come from ``.env`` beside it."""
    text = render(
        "docker/compose.yaml.j2",
        name=deployment.name,
        context=layout.context,
        dockerfile=layout.dockerfile,
        nginx_conf=layout.beside_compose(layout.nginx),
        media=MEDIA,
        database=_database(deployment.database),
        cache=_cache(deployment.cache, bool(deployment.services)),
        environment=_environment(deployment),
        web=_service(deployment.web),
        services=[_service(service) for service in deployment.services],
        jobs=[_job(job) for job in deployment.jobs if job.purpose in ("migrate", "superuser")],
    )
    return Artifact(layout.compose, text)


def database_url(database: Database, password: str) -> str:
    """How the site reaches the database of the compose file."""
    scheme, port = ("mysql", 3306) if database.engine == "mysql" else ("postgres", 5432)
    return f"{scheme}://{database.user}:{password}@database:{port}/{database.name}"


def cache_url() -> str:
    """How the site reaches the cache of the compose file."""
    return "redis://cache:6379/0"


def _environment(deployment: Deployment) -> dict[str, str]:
    own = dict(deployment.environment_variables)
    own.setdefault("ALLOWED_HOSTS", ",".join(_hosts(deployment)))
    if deployment.database and deployment.database.engine != "sqlite":
        own["DATABASE_URL"] = database_url(deployment.database, "${DATABASE_PASSWORD:?}")
    if deployment.cache:
        own["REDIS_URL"] = cache_url()
    return dict(sorted(own.items()))


def _hosts(deployment: Deployment) -> list[str]:
    return [*LOOPBACK, *filter(None, [deployment.domain]), *deployment.aliases]


def _database(database: Database | None) -> dict[str, Any] | None:
    if database is None or database.engine == "sqlite":
        return None
    kind = "postgres" if database.engine == "postgresql" else "mysql"
    return {
        "kind": kind,
        "image": f"{kind}:{database.version}",
        "name": database.name,
        "user": database.user,
    }


def _cache(cache: Cache | None, is_broker: bool) -> dict[str, Any] | None:
    if cache is None:
        return None
    image = "valkey/valkey" if cache.engine == "valkey" else "redis"
    return {
        "image": f"{image}:{cache.version}-alpine",
        "server": f"{cache.engine}-server",
        "cli": f"{cache.engine}-cli",
        "memory": f"{max(cache.size // MEBIBYTE, 64)}mb",
        "limit": f"{max(cache.size // MEBIBYTE, 64) * 3 // 2}m",
        # A broker must not lose tasks; a cache may lose anything.
        "policy": "noeviction" if is_broker else "allkeys-lru",
    }


def _service(service: Service) -> dict[str, Any]:
    return {
        "name": service.name,
        "command": list(service.command),
        "memory": f"{service.memory // MEBIBYTE}m",
        "environment": dict(sorted(service.environment.items())),
        "grace": service.stop_timeout,
    }


def _job(job: Job) -> dict[str, Any]:
    return {
        "name": job.name,
        "command": list(job.command),
        "memory": f"{job.memory // MEBIBYTE}m",
        "environment": dict(sorted(job.environment.items())),
        "by_hand": job.purpose != "migrate",
    }
