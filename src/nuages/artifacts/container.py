"""Everything that building and running the containers takes, as files."""

from __future__ import annotations

from nuages.artifacts import Artifact
from nuages.artifacts.cloud_settings import cloud_settings
from nuages.artifacts.compose import compose
from nuages.artifacts.development import development
from nuages.artifacts.dockerfile import dockerfile
from nuages.artifacts.dockerignore import dockerignore
from nuages.artifacts.entrypoint import entrypoint
from nuages.artifacts.env_example import env_example
from nuages.artifacts.layout import Layout
from nuages.artifacts.nginx import nginx
from nuages.artifacts.requirements import cloud_requirements, unlocked_requirements
from nuages.artifacts.server import server
from nuages.model import Deployment


def container_artifacts(
    deployment: Deployment, *, private: bool = False, tls: bool = False
) -> tuple[Artifact, ...]:
    """Image, compose file, proxy and cloud settings; ``private``: all of it below ``.nuages``.

    With ``tls`` the proxy itself speaks https, with the certificate in ``.nuages/tls``.
    """
    layout = Layout(private, tls)
    examples = () if private else (env_example(deployment),)
    return (
        dockerfile(deployment, layout),
        dockerignore(deployment, layout),
        *entrypoint(deployment, layout),
        *server(deployment, layout),
        *unlocked_requirements(deployment, layout),
        *cloud_requirements(deployment, layout),
        compose(deployment, layout),
        nginx(deployment, layout),
        *examples,
        *cloud_settings(deployment),
    )


def development_artifacts(deployment: Deployment, settings: str | None) -> tuple[Artifact, ...]:
    """What ``render --dev`` adds: the same stack with runserver and the source mounted.

    ``settings``: the project's own for development; None: production's, steered by variables.
    """
    return development(deployment, settings)
