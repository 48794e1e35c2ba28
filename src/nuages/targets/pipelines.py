"""The pipelines that were asked for, whatever the target."""

from __future__ import annotations

from nuages.artifacts import Artifact
from nuages.artifacts.ci import workflow
from nuages.config.pipeline import Pipeline
from nuages.model import Deployment
from nuages.targets.target import target


def pipelines(deployment: Deployment, pipeline: Pipeline) -> tuple[Artifact, ...]:
    """The pipelines that were asked for; where nothing can be released, they only test."""
    found = target(deployment.provider)
    if found is not None:
        return found.pipelines(deployment, pipeline)
    return tuple(workflow(deployment, pipeline, None) for _ in pipeline.kinds)
