"""Everything that ``render`` writes for containers, in one list."""

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
from nuages.artifacts.requirements import extra_requirements
from nuages.artifacts.servers import server_files
from nuages.model import Deployment


def container_artifacts(deployment: Deployment, *, private: bool = False) -> tuple[Artifact, ...]:
    """The image, how it is run here, and the settings that it runs with.

    With ``private`` all of them are below ``.nuages/``, and the build context is the root.
    """
    layout = Layout(private)
    return (
        dockerfile(deployment, layout),
        dockerignore(layout),
        entrypoint(deployment, layout),
        *server_files(deployment, layout),
        *extra_requirements(deployment, layout),
        compose(deployment, layout),
        nginx(deployment, layout),
        env_example(deployment, layout),
        *cloud_settings(deployment),
    )


def development_artifacts(deployment: Deployment) -> tuple[Artifact, ...]:
    """What ``render --dev`` writes: the same containers around the source on this machine."""
    return development(deployment, Layout(private=False))
