"""Google Cloud Run, with Cloud SQL, Memorystore, Cloud Storage and a load balancer."""

from __future__ import annotations

from nuages.artifacts import Artifact
from nuages.model import Deployment
from nuages.targets.cloud_run.infrastructure import infrastructure


class CloudRun:
    """See ``nuages.targets.target.Target``."""

    def artifacts(self, deployment: Deployment) -> tuple[Artifact, ...]:
        return infrastructure(deployment)


TARGET = CloudRun()
