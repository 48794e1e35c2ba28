"""Pipelines that release: GitHub's by Workload Identity Federation, and Cloud Build's.

Sources: https://github.com/google-github-actions/auth,
https://docs.cloud.google.com/build/docs/build-config-file-schema
"""

from __future__ import annotations

from nuages.artifacts import Artifact
from nuages.artifacts.ci import CHECKOUT, UV, Release, requirement, suffix, tests, workflow
from nuages.artifacts.dockerfile import UV as UV_VERSION
from nuages.artifacts.render import render
from nuages.config.pipeline import Pipeline
from nuages.model import Deployment
from nuages.targets.cloud_run.values import name

TERRAFORM = "1.11.4"
DOCKER = "28"
DEPLOYER = "python:3.13-slim"
_ACTIONS = {
    "checkout": CHECKOUT,
    "uv": UV,
    "auth": "google-github-actions/auth@7c6bc770dae815cd3e89ee6cdf493a5fab2cc093  # v3.0.0",
    "terraform": "hashicorp/setup-terraform@dfe3c3f87815947d99a8997f908cb6525fc44e9e  # v4.0.1",
}
_DEPLOYER, _PLANNER = "GCP_SERVICE_ACCOUNT", "GCP_PLAN_SERVICE_ACCOUNT"


def pipelines(deployment: Deployment, pipeline: Pipeline) -> tuple[Artifact, ...]:
    """The file of each kind that was asked for."""
    writers = {"github-actions": _github, "cloud-build": _cloud_build}
    return tuple(writers[kind](deployment, pipeline) for kind in pipeline.kinds)


def account(deployment: Deployment) -> str:
    """The account that a pipeline deploys as, before the @."""
    return f"{name(deployment)[:23].rstrip('-')}-deploy"


def _github(deployment: Deployment, pipeline: Pipeline) -> Artifact:
    release = Release(
        plan=_steps(_PLANNER, _command(deployment, "plan")),
        deploy=_steps(_DEPLOYER, _command(deployment, "deploy")),
        planner=_PLANNER,
        requirement=requirement("[gcp]"),
    )
    return workflow(deployment, pipeline, release)


def _steps(account: str, command: str) -> str:
    return render(
        "github-steps.yaml.j2",
        package=__package__,
        actions=_ACTIONS,
        terraform=TERRAFORM,
        account=account,
        command=command,
    )


def _cloud_build(deployment: Deployment, pipeline: Pipeline) -> Artifact:
    path = f"cloudbuild{suffix(deployment, '.')}.yaml"
    text = render(
        "cloudbuild.yaml.j2",
        package=__package__,
        path=path,
        uv=UV_VERSION,
        terraform=TERRAFORM,
        docker=DOCKER,
        deployer=DEPLOYER,
        command=_command(deployment, "deploy"),
        nuages=requirement("[gcp]"),
        account=account(deployment),
        **tests(deployment, pipeline),
    )
    return Artifact(path, text)


def _command(deployment: Deployment, verb: str) -> str:
    chosen = f" --environment {deployment.environment}" if suffix(deployment, "-") else ""
    return f"nuages {verb}{chosen}"
