"""What a container is given on each release, in the API's words: image, environment, volumes.

Source: https://cloud.google.com/run/docs/reference/rest/v2/projects.locations.services.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from nuages.model import Deployment
from nuages.steps.stage import Outputs
from nuages.targets.cloud_run.environment import secret_ids
from nuages.targets.cloud_run.places import TAG, Places

HOSTS = "site.hosts"
_MOUNT = ("implicit-dirs", "uid=2000", "gid=2000", "file-mode=640", "dir-mode=750")
"""The image's own user; without implicit-dirs no folder that was uploaded is seen."""


def variables(
    deployment: Deployment, places: Places, outputs: Outputs, given: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """The environment of a process whose own part is ``given``, sorted by name.

    To Terraform it is a set: in an order of their own, secrets apart, they would be another
    configuration of a revision that is there already whenever it changes anything of the service.
    """
    secrets = secret_ids(deployment, places.site)
    plain = outputs.mapping("infrastructure", "environment") | dict(given["environment"])
    hidden = outputs.mapping("infrastructure", "secrets")
    hidden |= {name: secrets[name] for name in given["secrets"] if name in secrets}
    found: list[dict[str, Any]] = [{"name": name, "value": value} for name, value in plain.items()]
    found += [
        {
            "name": name,
            "valueSource": {"secretKeyRef": {"secret": id, "version": "latest"}},
        }
        for name, id in hidden.items()
    ]
    return sorted(found, key=lambda each: str(each["name"]))


def with_hosts(
    found: list[dict[str, Any]], names: Mapping[str, str], outputs: Outputs
) -> list[dict[str, Any]]:
    """The same, and every host name that Cloud Run itself gives the service is allowed.

    ``names`` is which variable is answered by which part. The name with the hash is known once
    the service is there only, and the candidate is asked under a name of its own.
    """
    named = (urlsplit(url).hostname for url in outputs.get("service", "urls") or ())
    foreseen = outputs.get("infrastructure", "run_hosts") or ()
    hosts = list(dict.fromkeys([*foreseen, *(name for name in named if name)]))
    extra = [*hosts, *(f"{TAG}---{host}" for host in hosts)]
    lists = {name for name, part in names.items() if part == HOSTS}
    return [
        {**each, "value": _joined(each["value"], extra)} if each["name"] in lists else each
        for each in found
    ]


def _joined(value: str, extra: list[str]) -> str:
    return ",".join(dict.fromkeys([*value.split(","), *extra]))


def volumes(deployment: Deployment, outputs: Outputs) -> tuple[list[Any], list[Any]]:
    """The volumes of a process, be it web, worker or job, and where each is mounted."""
    made: list[Any] = []
    places: list[Any] = []
    storage = deployment.storage
    mount = storage.mount if storage is not None and storage.kind == "gcs" else None
    bucket = outputs.get("infrastructure", "buckets", "media")
    if mount is not None:
        options = {"bucket": bucket or outputs.text("infrastructure", "buckets", "media")}
        made.append({"name": "media", "gcs": {**options, "mountOptions": list(_MOUNT)}})
        places.append({"name": "media", "mountPath": mount})
    host = str(outputs.get("infrastructure", "environment", "DB_HOST") or "")
    connection = outputs.get("infrastructure", "database", "connection")
    if connection and host.startswith("/cloudsql"):
        made.append({"name": "cloudsql", "cloudSqlInstance": {"instances": [connection]}})
        places.append({"name": "cloudsql", "mountPath": "/cloudsql"})
    return made, places


def network(outputs: Outputs) -> dict[str, Any]:
    """How a revision reaches the private network: the template's part, or nothing."""
    found = outputs.mapping("infrastructure", "network")
    if not found:
        return {}
    if found.get("connector"):
        return {"vpcAccess": {"connector": found["connector"], "egress": found["egress"]}}
    interface = {"network": found.get("network"), "subnetwork": found.get("subnet")}
    access = {"networkInterfaces": [interface], "egress": found.get("egress")}
    return {"vpcAccess": access}
