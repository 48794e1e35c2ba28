"""What everything is called in Google Cloud: full resource names, short ones, their limits."""

from __future__ import annotations

from dataclasses import dataclass

from nuages.model import Deployment
from nuages.targets.cloud_run.values import name

TAG = "candidate"
"""One tag for all candidates: each host name that it makes has to be allowed by the site."""


@dataclass(frozen=True)
class Places:
    """The names of one environment of one site in one project."""

    project: str
    region: str
    site: str

    @classmethod
    def of(cls, deployment: Deployment, account: str) -> Places:
        return cls(account, deployment.region, name(deployment))

    @property
    def root(self) -> str:
        return f"projects/{self.project}"

    @property
    def location(self) -> str:
        return f"{self.root}/locations/{self.region}"

    @property
    def service(self) -> str:
        return f"{self.location}/services/{self.site}"

    def job(self, job: str) -> str:
        return f"{self.location}/jobs/{self.site}-{job}"

    def pool(self, worker: str) -> str:
        return f"{self.location}/workerPools/{self.site}-{worker}"

    @property
    def state(self) -> str:
        """The bucket of the state: names of buckets are the whole world's, ids of projects too."""
        return f"{self.project}-nuages"

    @property
    def registry(self) -> str:
        return f"{self.location}/repositories/{self.site}"

    def secret(self, id: str) -> str:
        return f"{self.root}/secrets/{id}"
