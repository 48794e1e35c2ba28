"""What must be there before the first image is built: looked for, and made where it is missing.

Sources: https://cloud.google.com/service-usage/docs/reference/rest/v1/services/batchEnable (at
most 20 at once), https://cloud.google.com/storage/docs/json_api/v1/buckets/insert,
https://cloud.google.com/artifact-registry/docs/repositories/cleanup-policy.
"""

from __future__ import annotations

from collections.abc import Sequence

from nuages.errors import InputNeeded, StepFailed
from nuages.model import Deployment
from nuages.steps.release import Release
from nuages.steps.stage import Outputs, Stage
from nuages.steps.step import Request, Step
from nuages.targets.cloud_run.places import Places
from nuages.targets.cloud_run.release import builder

APIS = (
    "artifactregistry.googleapis.com",
    "cloudresourcemanager.googleapis.com",
    "compute.googleapis.com",
    "iam.googleapis.com",
    "iamcredentials.googleapis.com",
    "logging.googleapis.com",
    "monitoring.googleapis.com",
    "run.googleapis.com",
    "secretmanager.googleapis.com",
    "storage.googleapis.com",
)
PERMISSIONS = (
    "artifactregistry.repositories.create",
    "artifactregistry.repositories.uploadArtifacts",
    "iam.serviceAccounts.create",
    "resourcemanager.projects.setIamPolicy",
    "run.jobs.create",
    "run.jobs.run",
    "run.services.create",
    "run.services.setIamPolicy",
    "run.services.update",
    "secretmanager.secrets.create",
    "secretmanager.versions.access",
    "secretmanager.versions.add",
    "serviceusage.services.enable",
    "storage.buckets.create",
    "storage.objects.create",
)
"""What a first release asks for; each is held against what the caller may do."""
_DATABASE = ("cloudsql.instances.create", "cloudsql.users.create")


def stages(deployment: Deployment, places: Places, release: Release) -> tuple[Stage, ...]:
    """Preflight, then what bootstrap owns."""
    cloud = release.builder == "cloud"
    wanted = permissions(deployment, release)
    return (
        Stage("preflight", "Look at the project", lambda _: _preflight(places, wanted)),
        Stage(
            "bootstrap",
            "Make what must be there first",
            lambda o: _bootstrap(places, release, wanted, o),
        ),
        *(builder.stages(places) if cloud else ()),
    )


def permissions(deployment: Deployment, release: Release) -> tuple[str, ...]:
    """What the caller must be allowed to do."""
    database = deployment.database
    wanted = _DATABASE if database is not None and database.engine != "sqlite" else ()
    building = builder.PERMISSIONS if release.builder == "cloud" else ()
    return tuple(sorted({*PERMISSIONS, *wanted, *building}))


def _preflight(places: Places, permissions: Sequence[str]) -> Sequence[Step]:
    wanted = list(permissions)
    return [
        Request(
            "The project",
            "cloudresourcemanager.v3",
            "projects.get",
            {"name": places.root},
            output="project",
        ),
        Request(
            "Its billing account",
            "cloudbilling.v1",
            "projects.getBillingInfo",
            {"name": places.root},
            output="billing",
        ),
        Request(
            "What you may do in it",
            "cloudresourcemanager.v3",
            "projects.testIamPermissions",
            {"resource": places.root},
            {"permissions": wanted},
            output="allowed",
        ),
    ]


def judge(places: Places, wanted: Sequence[str], outputs: Outputs) -> None:
    """Refuse to go on where the project is not there, not paid for, or not yours to change.

    ``wanted``: the permissions that are needed. Raises StepFailed, InputNeeded.
    """
    if outputs.dry:
        return
    if outputs.get("project", "state") not in ("ACTIVE", None):
        raise StepFailed(
            f"The project {places.project} is {str(outputs.get('project', 'state')).lower()}",
            hint="Restore it in the console, or name another with --project.",
            reason="project-inactive",
        )
    if not outputs.get("billing", "billingEnabled"):
        raise InputNeeded(
            f"The project {places.project} has no billing account",
            hint="Link one: gcloud billing projects link "
            f"{places.project} --billing-account=ACCOUNT",
            reason="no-billing",
        )
    _demand_permissions(places, wanted, outputs)


def _demand_permissions(places: Places, wanted: Sequence[str], outputs: Outputs) -> None:
    allowed = set(outputs.get("allowed", "permissions") or ())
    lacking = [name for name in wanted if name not in allowed]
    if not lacking:
        return
    elsewhere = " Where a Docker engine answers, the image is built without Cloud Build."
    raise InputNeeded(
        f"You may not do this in {places.project}: {', '.join(lacking)}",
        hint="Ask the project's owner for the roles that hold these permissions: "
        "https://cloud.google.com/iam/docs/permissions-reference."
        + (elsewhere if set(lacking) & set(builder.PERMISSIONS) else ""),
        reason="no-permission",
    )


def _bootstrap(
    places: Places, release: Release, wanted: Sequence[str], outputs: Outputs
) -> Sequence[Step]:
    judge(places, wanted, outputs)
    apis = (*APIS, *(builder.APIS if release.builder == "cloud" else ()))
    return [
        Request(
            "The APIs",
            "serviceusage.v1",
            "services.batchEnable",
            {"parent": f"projects/{number(outputs)}"},
            {"serviceIds": list(apis)},
        ),
        Request(
            "The bucket of the state",
            "storage.v1",
            "buckets.insert",
            {"project": places.project},
            _bucket(places),
            accept=(409,),
        ),
        Request(
            "Whose the bucket is",
            "storage.v1",
            "buckets.get",
            {"bucket": places.state},
            output="state",
        ),
        Request(
            "The image registry",
            "artifactregistry.v1",
            "projects.locations.repositories.create",
            {"parent": places.location, "repositoryId": places.site},
            _REPOSITORY,
            accept=(409,),
        ),
        Request(
            "Where images go",
            "artifactregistry.v1",
            "projects.locations.repositories.get",
            {"name": places.registry},
            output="registry",
        ),
    ]


def number(outputs: Outputs) -> str:
    """``projects/123`` is how the API names a project."""
    return outputs.text("project", "name").removeprefix("projects/")


def _bucket(places: Places) -> dict[str, object]:
    return {
        "name": places.state,
        "location": places.region.upper(),
        "storageClass": "STANDARD",
        "versioning": {"enabled": True},
        "iamConfiguration": {
            "uniformBucketLevelAccess": {"enabled": True},
            "publicAccessPrevention": "enforced",
        },
        "lifecycle": {
            "rule": [
                {
                    "action": {"type": "Delete"},
                    "condition": {"numNewerVersions": 50, "isLive": False},
                },
                {
                    "action": {"type": "Delete"},
                    "condition": {"age": 1, "matchesPrefix": ["sources/"]},
                },
            ]
        },
    }


_REPOSITORY = {
    "format": "DOCKER",
    "dockerConfig": {"immutableTags": True},
    "cleanupPolicies": {
        "keep-the-last-releases": {
            "id": "keep-the-last-releases",
            "action": "KEEP",
            "mostRecentVersions": {"keepCount": 10},
        },
        "delete-old-images": {
            "id": "delete-old-images",
            "action": "DELETE",
            "condition": {"olderThan": "2592000s"},
        },
    },
}
