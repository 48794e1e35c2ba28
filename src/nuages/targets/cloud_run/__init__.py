"""Google Cloud Run, with Cloud SQL, Memorystore, Cloud Storage and a load balancer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nuages.errors import ToolMissing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nuages.artifacts import Artifact
    from nuages.changes.nouns import Nouns
    from nuages.config.pipeline import Pipeline
    from nuages.estimate import Estimate, Traffic
    from nuages.model import Deployment
    from nuages.steps.configuration import Configuration
    from nuages.steps.release import Release
    from nuages.steps.stage import Stage
    from nuages.targets.cloud_run.client import GoogleCloud
    from nuages.targets.cloud_run.day_two import CloudRunOperations


_PROJECT = ("GOOGLE_CLOUD_PROJECT", "GOOGLE_PROJECT", "CLOUDSDK_CORE_PROJECT")
"""https://registry.terraform.io/providers/hashicorp/google/latest/docs/guides/provider_reference"""


class CloudRun:
    """See ``nuages.targets.target.Target``."""

    def artifacts(self, deployment: Deployment) -> tuple[Artifact, ...]:
        from nuages.targets.cloud_run.infrastructure import infrastructure

        return infrastructure(deployment)

    def pipelines(self, deployment: Deployment, pipeline: Pipeline) -> tuple[Artifact, ...]:
        from nuages.targets.cloud_run.ci import pipelines

        return pipelines(deployment, pipeline)

    def estimate(self, deployment: Deployment, traffic: Traffic, *, free: bool = True) -> Estimate:
        from nuages.targets.cloud_run.cost import estimate

        return estimate(deployment, traffic, free=free)

    def configuration(self, deployment: Deployment, account: str) -> Configuration:
        from nuages.targets.cloud_run.planning import configuration

        return configuration(deployment, account)

    def nouns(self) -> Nouns:
        from nuages.targets.cloud_run.nouns import NOUNS

        return NOUNS

    def account(self, environment: Mapping[str, str]) -> str | None:
        """What Google's own tools read, in their order."""
        found = (environment.get(name) for name in _PROJECT)
        return next((name for name in found if name), None)

    def preparation(self, deployment: Deployment, release: Release) -> tuple[Stage, ...]:
        from nuages.targets.cloud_run.places import Places
        from nuages.targets.cloud_run.release import keys, preparation

        places = Places.of(deployment, release.account)
        made = preparation.stages(deployment, places, release)
        return (*made, *keys.stages(deployment, places))

    def release(self, deployment: Deployment, release: Release) -> tuple[Stage, ...]:
        from nuages.targets.cloud_run.places import Places
        from nuages.targets.cloud_run.release import order

        return order.stages(deployment, Places.of(deployment, release.account), release)

    def undo(self, deployment: Deployment, release: Release) -> tuple[Stage, ...]:
        from nuages.targets.cloud_run.places import Places
        from nuages.targets.cloud_run.release import traffic

        return traffic.back(Places.of(deployment, release.account))

    def rollback(self, deployment: Deployment, release: Release) -> tuple[Stage, ...]:
        from nuages.targets.cloud_run.places import Places
        from nuages.targets.cloud_run.release import order

        return order.rollback(deployment, Places.of(deployment, release.account), release)

    def place(self, deployment: Deployment, release: Release) -> tuple[str, str]:
        from nuages.targets.cloud_run.places import Places

        places = Places.of(deployment, release.account)
        return places.state, places.site

    def operations(self, deployment: Deployment, account: str) -> CloudRunOperations:
        from nuages.targets.cloud_run.day_two import CloudRunOperations
        from nuages.targets.cloud_run.places import Places

        return CloudRunOperations(deployment, Places.of(deployment, account))

    def client(self, environment: Mapping[str, str]) -> GoogleCloud:
        try:
            from nuages.targets.cloud_run.client import GoogleCloud
        except ImportError as missing:
            raise ToolMissing(
                f"The libraries of Google Cloud are not installed ({missing.name})",
                hint="Install them beside Nuages: pip install 'nuages[gcp]' "
                "(or: uv tool install 'nuages[gcp]').",
                reason="no-google-cloud",
            ) from missing
        return GoogleCloud.of(environment)


TARGET = CloudRun()
