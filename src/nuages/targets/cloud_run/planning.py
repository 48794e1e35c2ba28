"""What a plan of the infrastructure is made with: nothing that a release has to find out first."""

from __future__ import annotations

from nuages.model import Deployment
from nuages.steps.configuration import Cause, Configuration
from nuages.targets.cloud_run.places import Places
from nuages.targets.cloud_run.release.folder import var_files

_STAND_IN = "Only-a-plan-no-password-1"
CAUSES = (
    Cause(
        r"could not find default credentials|No credentials loaded|invalid_grant|oauth2: .*token",
        "Terraform is not logged in to Google Cloud",
        "gcloud auth application-default login",
        "no-credentials",
    ),
    Cause(
        r"storage.*(Error 403|does not have storage\.)",
        "You may not read the state",
        "Ask for the role roles/storage.objectAdmin on its bucket.",
        "no-permission",
    ),
)


def configuration(deployment: Deployment, account: str) -> Configuration:
    """The state of this site, and its values; the image is named without the digest to come."""
    places = Places.of(deployment, account)
    image = f"{places.region}-docker.pkg.dev/{places.project}/{places.site}/web"
    return Configuration(
        bucket=places.state,
        prefix=places.site,
        variables={"project_id": places.project, "image": image},
        var_files=var_files(deployment),
        stand_ins={
            "TF_VAR_database_admin_password": _STAND_IN,
            "TF_VAR_database_password": _STAND_IN,
        },
        no_state=r"storage: bucket doesn't exist",
        causes=CAUSES,
    )
