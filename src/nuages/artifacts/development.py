"""compose.dev.yaml and .env-local: the containers around the source on this machine."""

from __future__ import annotations

from nuages.artifacts import Artifact
from nuages.artifacts.compose import cache_url, database_url
from nuages.artifacts.layout import APP, Layout, joined
from nuages.artifacts.render import render
from nuages.model import Deployment


def development(deployment: Deployment, layout: Layout) -> tuple[Artifact, ...]:
    """The development override, and the example of what it reads."""
    database = deployment.database
    server = database if database and database.engine != "sqlite" else None
    context = {
        "name": deployment.name,
        "file": layout.development,
        "app": APP,
        "workdir": joined(APP, deployment.image.manage_dir),
        "settings": deployment.overlay.base_module,
        "database_url": database_url(server, "development") if server else None,
        "cache_url": cache_url() if deployment.cache else None,
        "services": [service.name for service in deployment.services],
    }
    return (
        Artifact(layout.development, render("docker/compose.dev.yaml.j2", **context)),
        Artifact(".env-local.example", render("docker/env-local.j2", **context)),
    )
