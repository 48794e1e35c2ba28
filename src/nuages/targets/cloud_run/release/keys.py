"""Secrets: looked for, and given their first value, before a revision names them.

A revision that names a secret without a value does not start
(https://github.com/hashicorp/terraform-provider-google/issues/10846).
"""

from __future__ import annotations

from collections.abc import Sequence

from nuages.config.secret_names import DATABASE_PASSWORD
from nuages.errors import InputNeeded, StepFailed
from nuages.model import Deployment
from nuages.steps.stage import Outputs, Stage
from nuages.steps.step import Fresh, Joined, Keep, Request, Secret, Step
from nuages.targets.cloud_run.environment import secret_ids
from nuages.targets.cloud_run.places import Places
from nuages.targets.cloud_run.release.preparation import number

ADMIN = "db-admin-password"
"""Of the account of the database that only db-init uses."""


def stages(deployment: Deployment, places: Places) -> tuple[Stage, ...]:
    """What has a value, then the values that are missing."""
    return (
        Stage("secrets", "Look for the secrets", lambda o: _look(deployment, places, o)),
        Stage("values", "Give secrets a first value", lambda o: _give(deployment, places, o)),
    )


def ids(deployment: Deployment, places: Places) -> dict[str, bool]:
    """Secret → whether its value may be made up."""
    made_up = {secret.name: secret.generated for secret in deployment.secrets}
    known = secret_ids(deployment, places.site)
    found = {id: made_up.get(name, True) for name, id in known.items()}
    if admin(deployment, places):
        found[admin(deployment, places)] = True
    return dict(sorted(found.items()))


def admin(deployment: Deployment, places: Places) -> str:
    """The secret of the database's administrator; empty where there is no database to run."""
    database = deployment.database
    runs = database is not None and database.engine != "sqlite"
    return f"{places.site}-{ADMIN}" if runs else ""


def password(deployment: Deployment, places: Places) -> str:
    """The secret of the site's own password of the database; empty where it has none."""
    known = secret_ids(deployment, places.site)
    return known.get(DATABASE_PASSWORD, "") if admin(deployment, places) else ""


def _look(deployment: Deployment, places: Places, outputs: Outputs) -> Sequence[Step]:
    _own_bucket(places, outputs)
    return [
        Request(
            f"Whether {id} has a value",
            "secretmanager.v1",
            "projects.secrets.versions.list",
            {"parent": places.secret(id), "filter": "state:ENABLED", "pageSize": 1},
            output=_output(id),
            accept=(404,),
        )
        for id in ids(deployment, places)
    ]


def _own_bucket(places: Places, outputs: Outputs) -> None:
    """Names of buckets are the whole world's: somebody else may have taken this one."""
    owner = outputs.get("state", "projectNumber")
    if owner is not None and str(owner) != number(outputs):
        raise StepFailed(
            f"The bucket {places.state} belongs to another project",
            hint="Nothing was written to it. Its name follows from your project's id; find out who "
            "made it before you go on.",
            reason="foreign-bucket",
        )


def _give(deployment: Deployment, places: Places, outputs: Outputs) -> Sequence[Step]:
    wanted = ids(deployment, places)
    missing = [id for id in wanted if not (outputs.get(_output(id)) or {}).get("versions")]
    _demand(deployment, places, [id for id in missing if not wanted[id]], outputs)
    return [step for id in missing if wanted[id] for step in _first_value(places, id)]


def _demand(deployment: Deployment, places: Places, ids: list[str], outputs: Outputs) -> None:
    if not ids or outputs.dry:
        return
    by_id = {id: name for name, id in secret_ids(deployment, places.site).items()}
    names = [by_id[id] for id in ids]
    raise InputNeeded(
        f"Only you know the value of {', '.join(names)}",
        hint="Put them into a file and give it once: `nuages secrets set --from .env` (only what "
        f"is a secret is taken from it), or one by one: `nuages secrets set {names[0]}`.",
        reason="missing-secret",
    )


def _first_value(places: Places, id: str) -> list[Step]:
    return [
        Request(
            f"The secret {id}",
            "secretmanager.v1",
            "projects.secrets.create",
            {"parent": places.root, "secretId": id},
            secret(places),
            accept=(409,),
        ),
        Request(
            f"Its first value ({id})",
            "secretmanager.v1",
            "projects.secrets.addVersion",
            {"parent": places.secret(id)},
            {"payload": {"data": Fresh()}},
        ),
    ]


def secret(places: Places) -> dict[str, object]:
    """A secret that is kept in the site's own region."""
    return {"replication": {"userManaged": {"replicas": [{"location": places.region}]}}}


def url(deployment: Deployment, places: Places) -> Stage:
    """The whole URL of the database, for settings that read one: its password is in it.

    Terraform writes the first value; this keeps it right when the password or the address change.
    """

    id = f"{places.site}-database-url"

    def steps(outputs: Outputs) -> Sequence[Step]:
        known = outputs.mapping("infrastructure", "secrets")
        if deployment.database is None or id not in known.values():
            return []
        value = _url(deployment, places, outputs)
        return [Keep("The URL of the database", places.secret(id), value)]

    return Stage("url", "Keep the URL of the database right", steps)


def _url(deployment: Deployment, places: Places, outputs: Outputs) -> Joined:
    database = outputs.mapping("infrastructure", "database")
    scheme, port, tls = _SCHEMES["mysql" if _is_mysql(deployment) else "postgresql"]
    return Joined(
        (
            f"{scheme}://{database['user']}:",
            Secret(places.secret(password(deployment, places))),
            f"@{database['host']}:{port}/{database['name']}?{tls}",
        )
    )


def _is_mysql(deployment: Deployment) -> bool:
    return deployment.database is not None and deployment.database.engine == "mysql"


_SCHEMES = {
    "postgresql": ("postgres", 5432, "sslmode=require"),
    "mysql": ("mysql", 3306, "ssl_mode=REQUIRED"),
}
"""As Terraform puts it together, in database.tf."""


def _output(id: str) -> str:
    return f"secret:{id}"
