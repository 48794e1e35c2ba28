"""Uploads outlive their site: a first release takes over the bucket that a destruction has left.

Terraform would try to make it again, and be refused: names of buckets are taken for ever.
https://developer.hashicorp.com/terraform/cli/commands/import
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha1

from nuages.model import Deployment
from nuages.steps import terraform
from nuages.steps.release import Release
from nuages.steps.stage import Outputs, Stage
from nuages.steps.step import Request, Step
from nuages.targets.cloud_run.places import Places
from nuages.targets.cloud_run.release.folder import Folder
from nuages.targets.cloud_run.release.infrastructure import is_first
from nuages.targets.cloud_run.values import values

ADDRESS = "google_storage_bucket.media"
"""In Terraform's state, with a number behind it."""
_ONE = f"{ADDRESS}[0]"
_LIMIT = 63
"""Characters of a bucket's name. https://cloud.google.com/storage/docs/buckets#naming"""


def bucket(deployment: Deployment, places: Places) -> str | None:
    """The name that the module gives to the bucket of uploads; None where there is none."""
    storage = values(deployment).get("storage")
    if storage is None:
        return None
    whole = f"{places.project}-{storage['bucket']}"
    if len(whole) <= _LIMIT:
        return whole
    mark = sha1(whole.encode(), usedforsecurity=False).hexdigest()[:8]
    return f"{whole[:54]}-{mark}"


def stages(deployment: Deployment, places: Places, release: Release) -> tuple[Stage, ...]:
    """Look for it, see whether it is managed already, and take it over; on a first release."""
    name = bucket(deployment, places)
    if name is None:
        return ()
    site = Folder(deployment, places, release)
    found = Request(
        "The bucket of uploads",
        "storage.v1",
        "buckets.get",
        {"bucket": name},
        output="uploads",
        accept=(403, 404),
        read=lambda answer: answer.get("name"),
    )

    def ask(outputs: Outputs) -> Sequence[Step]:
        return [found] if is_first(outputs) else []

    def compare(outputs: Outputs) -> Sequence[Step]:
        return _managed(site) if outputs.get("uploads") else []

    def adopt(outputs: Outputs) -> Sequence[Step]:
        left = outputs.get("uploads") and not outputs.get("managed")
        return [_adopted(site, name, outputs)] if left else []

    return (
        Stage("uploads", "Look for uploads of an earlier site", ask),
        Stage("managed", "Look whether they are this site's already", compare),
        Stage("adopt", "Take them over", adopt),
    )


def _managed(site: Folder) -> Sequence[Step]:
    """Where there is no state at all, the program says so and ends with 1."""
    listed = terraform.managed(site.tool, _ONE)
    return [
        site.init(),
        site.run("What is managed", listed, output="managed", read=str.split, statuses=(0, 1)),
    ]


def _adopted(site: Folder, name: str, outputs: Outputs) -> Step:
    adopted = terraform.adopt(
        site.tool,
        _ONE,
        name,
        var_files=site.var_files,
        variables=site.variables(outputs, released=False),
    )
    return site.run("Take over the uploads", adopted)
