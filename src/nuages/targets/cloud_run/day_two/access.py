"""Ways into a site from outside: to its database, and into its image with all that it has.

The server has a private address only. The Cloud SQL Auth Proxy encrypts and asks IAM, and makes
no way into the network: https://cloud.google.com/sql/docs/postgres/sql-proxy.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from nuages.model import Deployment
from nuages.steps import docker
from nuages.steps.site import Access, Surroundings
from nuages.steps.stage import Outputs, Stage
from nuages.steps.step import Run, Step, Token
from nuages.steps.task import Task
from nuages.targets.cloud_run.day_two import backups, restart
from nuages.targets.cloud_run.places import Places
from nuages.targets.cloud_run.release import keys
from nuages.targets.cloud_run.release.image import CONFIG, USER
from nuages.targets.cloud_run.values import ADMIN

SERVER_SIDE = 3307
"""Where the proxy's other end listens."""
WAYS = (
    "A VPN or Cloud Interconnect into the site's network is such a way, and so is a machine in "
    "it: a Cloud Workstation, a VM behind Identity-Aware Proxy. Without one, "
    "`nuages run -- manage.py shell -c CODE` runs where the database is."
)


def database(deployment: Deployment, places: Places, *, admin: bool) -> Task[Access]:
    """The way to the database, as the site's role or as the administrator."""

    def answer(outputs: Outputs) -> Access:
        backups.instance(outputs)
        found = outputs.mapping("infrastructure", "database")
        mysql = deployment.database is not None and deployment.database.engine == "mysql"
        secret = (keys.admin if admin else keys.password)(deployment, places)
        proxy = ("cloud-sql-proxy", "--private-ip", "--address=127.0.0.1", "--port={port}")
        return Access(
            "mysql" if mysql else "postgresql",
            str(found["host"]),
            3306 if mysql else 5432,
            str(found["name"]),
            ADMIN if admin else str(found["user"]),
            places.secret(secret),
            (*proxy, str(found["connection"])),
            SERVER_SIDE,
            WAYS,
        )

    return Task((), answer)


def surroundings(places: Places) -> Task[Surroundings]:
    """What the revision that serves has, with its image brought here."""

    def bring(outputs: Outputs) -> Sequence[Step]:
        image = str(_container(outputs)["image"])
        host = image.partition("/")[0]
        return [
            Run("Log in to the registry", docker.login(host, USER, config=CONFIG), stdin=Token()),
            Run("Bring the image", docker.pull(image, config=CONFIG)),
            Run("Log out", docker.logout(host, config=CONFIG)),
        ]

    def answer(outputs: Outputs) -> Surroundings:
        found = _container(outputs)
        variables: Sequence[Mapping[str, Any]] = found.get("env", ())
        plain = {str(each["name"]): str(each.get("value", "")) for each in variables}
        secrets = {
            str(each["name"]): places.secret(each["valueSource"]["secretKeyRef"]["secret"])
            for each in variables
            if "valueSource" in each
        }
        kept = {name: value for name, value in plain.items() if name not in secrets}
        return Surroundings(str(found["image"]), kept, secrets)

    return Task((*restart.looked(places), Stage("image", "Bring the image", bring)), answer)


def _container(outputs: Outputs) -> Mapping[str, Any]:
    found: Sequence[Mapping[str, Any]] = outputs.mapping("revision").get("containers", ())
    return next(iter(found), {"image": ""})
