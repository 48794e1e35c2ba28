"""What everything is called in Google Cloud: full resource names, short ones, their limits."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from nuages.model import Deployment
from nuages.steps.release import Release
from nuages.targets.cloud_run.values import name

TAG = "candidate"
"""One tag for all candidates: each host name that it makes has to be allowed by the site."""


_ACCOUNT = 30
"""Characters of a service account's id.

https://cloud.google.com/iam/docs/service-accounts-create#creating
"""


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

    def source(self, release: Release) -> str:
        """The object that an image is built from, in the bucket of the state."""
        return f"{self.sources}{release.id}.tar.gz"

    @property
    def sources(self) -> str:
        """What begins the names of those objects."""
        return f"sources/{self.site}/"

    @property
    def builder_id(self) -> str:
        """The account that builds images in the cloud; with a mark where the name is too long."""
        whole = f"{self.site}-builder"
        if len(whole) <= _ACCOUNT:
            return whole
        return f"{self.site[:15].rstrip('-')}-{sha256(whole.encode()).hexdigest()[:6]}-builder"

    @property
    def builder(self) -> str:
        """Its e-mail address."""
        return f"{self.builder_id}@{self.project}.iam.gserviceaccount.com"

    def secret(self, id: str) -> str:
        return f"{self.root}/secrets/{id}"
