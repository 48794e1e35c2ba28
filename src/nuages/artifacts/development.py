"""compose.dev.yaml and .env-local: the containers around the source on this machine."""

from __future__ import annotations

from nuages.artifacts import Artifact
from nuages.artifacts.compose import jobs, static_root
from nuages.artifacts.layout import APP, DATA, in_image, python_path
from nuages.artifacts.render import render
from nuages.artifacts.wired import cache_url, database_url, wired
from nuages.model import Deployment

PASSWORD = "development"  # noqa: S105 -- of a database that only this machine reaches


def development(deployment: Deployment, settings: str | None) -> tuple[Artifact, ...]:
    """The development override, and the example of what it reads."""
    database = deployment.database
    server = database if database and database.engine != "sqlite" else None
    data = [] if server or not database else [f"data:{DATA}"]
    text = render(
        "docker/compose.dev.yaml.j2",
        name=deployment.name,
        app=APP,
        workdir=in_image(deployment.image.manage_dir),
        python_path=":".join(python_path(deployment)),
        settings=settings or deployment.overlay.base_module,
        services=_beside(deployment),
        static=static_root(deployment) is not None,
        volumes=[f".:{APP}", *data],
    )
    variables = render(
        "docker/env-local.j2",
        steered=settings is None,
        secret_keys=_secret_keys(deployment, settings),
        demanded=_demanded(deployment),
        redirects=[v.name for v in deployment.contract if "SSL_REDIRECT" in v.name],
        database_url=database_url(server, PASSWORD) if server else None,
        cache_url=cache_url(deployment.cache),
        password=PASSWORD,
        has_server=server is not None,
    )
    return (Artifact("compose.dev.yaml", text), Artifact(".env-local.example", variables))


def _beside(deployment: Deployment) -> list[str]:
    """Every service and job of compose.yaml but those that the template names."""
    names = [job.name for job in jobs(deployment) if job.schedule is None]
    return [s.name for s in deployment.services] + [name for name in names if name != "migrate"]


def _secret_keys(deployment: Deployment, settings: str | None) -> tuple[str, ...]:
    """Every customary name, or the one that the project's own settings prefer."""
    names = deployment.overlay.secret_key_variables
    return names[:1] if settings else names


def _demanded(deployment: Deployment) -> list[tuple[str, str]]:
    """What the project cannot do without and nothing here answers: the build's placeholders."""
    answered = {*wired(deployment), *deployment.overlay.secret_key_variables}
    values = deployment.image.build_environment
    return [(name, value) for name, value in sorted(values.items()) if name not in answered]
