"""A site as a release leaves it in the fake cloud, made through the APIs and written down."""

from __future__ import annotations

import base64
import os
from collections.abc import Sequence
from contextlib import nullcontext
from typing import Any

from fakes.google import GoogleWorld

from nuages.deploy.execute import Executor
from nuages.deploy.journal import Entry, Journal, written
from nuages.steps.stage import Outputs
from nuages.steps.step import Request
from nuages.targets.cloud_run.client import GoogleCloud

PROJECT = "projects/jazz-1910"
PLACE = f"{PROJECT}/locations/europe-west1"
IMAGE = "europe-west1-docker.pkg.dev/jazz-1910/club/web@sha256:" + "1" * 64
INSTANCE = "club-12ab"
OUTPUTS = {
    "image": IMAGE,
    "infrastructure": {
        "url": "https://club.example",
        "secrets": {},
        "database": {
            "instance": INSTANCE,
            "connection": f"jazz-1910:europe-west1:{INSTANCE}",
            "host": "10.1.0.3",
            "name": "club",
            "user": "club",
            "admin": "nuages-admin",
        },
    },
}
JOBS = ("db-init", "migrate", "run")
READER = {
    "role": "roles/secretmanager.secretAccessor",
    "members": ["serviceAccount:987654321098-compute@developer.gserviceaccount.com"],
}
PASSWORD = "planted-password"


def client() -> GoogleCloud:
    return GoogleCloud.of(os.environ)


def _revision(number: int, more: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return {
        "revision": f"club-r{number}",
        "labels": {"nuages-release": f"r{number}"},
        "containers": [{"image": IMAGE, "env": [{"name": "A", "value": "b"}, *more]}],
    }


def revision(
    number: int, traffic: list[dict[str, Any]], more: Sequence[dict[str, Any]] = ()
) -> Request:
    verb = "create" if number == 1 else "patch"
    name = (
        {"parent": PLACE, "serviceId": "club"}
        if number == 1
        else {"name": f"{PLACE}/services/club"}
    )
    body = {"template": _revision(number, more), "traffic": traffic}
    return Request("service", "run.v2", f"projects.locations.services.{verb}", name, body)


def all_to(number: int, **tags: int) -> list[dict[str, Any]]:
    """Everybody to one revision; tags of others."""
    kind = {"type": "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION"}
    named = [{**kind, "revision": f"club-r{n}", "tag": tag} for tag, n in tags.items()]
    return [{**kind, "revision": f"club-r{number}", "percent": 100}, *named]


def job(name: str) -> Request:
    template = {"template": {"containers": [{"image": IMAGE, "args": ["check"]}], "maxRetries": 0}}
    where = {"parent": PLACE, "jobId": name}
    return Request(name, "run.v2", "projects.locations.jobs.create", where, {"template": template})


def made() -> list[Request]:
    """What Terraform and two releases have made."""
    pool = Request(
        "worker",
        "run.v2",
        "projects.locations.workerPools.create",
        {"parent": PLACE, "workerPoolId": "club-worker"},
        {"template": {"containers": [{"image": IMAGE}]}, "scaling": {"manualInstanceCount": 1}},
    )
    where = {"project": "jazz-1910"}
    bucket = Request("b", "storage.v1", "buckets.insert", where, {"name": "jazz-1910-nuages"})
    jobs = [job(f"club-{name}") for name in JOBS]
    jobs += _secret("club-db-admin-password")
    return [bucket, *jobs, pool, revision(1, all_to(1)), revision(2, all_to(2)), *database()]


def _secret(id: str) -> list[Request]:
    data = base64.b64encode(PASSWORD.encode()).decode()
    made = {"replication": {"automatic": {}}}
    where = {"parent": PROJECT, "secretId": id}
    value = {"parent": f"{PROJECT}/secrets/{id}"}
    return [
        Request("s", "secretmanager.v1", "projects.secrets.create", where, made),
        Request(
            "v",
            "secretmanager.v1",
            "projects.secrets.addVersion",
            value,
            {"payload": {"data": data}},
        ),
        Request(
            "r",
            "secretmanager.v1",
            "projects.secrets.setIamPolicy",
            {"resource": f"{PROJECT}/secrets/{id}"},
            {"policy": {"bindings": [READER]}},
        ),
    ]


def database(name: str = INSTANCE) -> list[Request]:
    network = {"ipv4Enabled": False, "privateNetwork": f"{PROJECT}/global/networks/club"}
    settings = {"tier": "db-f1-micro", "ipConfiguration": network}
    body = {"name": name, "region": "europe-west1", "databaseVersion": "POSTGRES_17"}
    where = {"project": "jazz-1910"}
    inside = {**where, "instance": name}
    admin = {"name": "nuages-admin", "password": PASSWORD}
    return [
        Request("i", "sqladmin.v1", "instances.insert", where, {**body, "settings": settings}),
        Request("d", "sqladmin.v1", "databases.insert", inside, {"name": "club"}),
        Request("u", "sqladmin.v1", "users.insert", inside, admin),
    ]


def perform(world: GoogleWorld, cloud: GoogleCloud, requests: Sequence[Request]) -> None:
    Executor(world.folder, cloud, _Deaf(), {}, world.folder).perform(requests, Outputs())


def release(world: GoogleWorld, *more: Entry) -> GoogleCloud:
    """Make all of it, and write the journal."""
    cloud = client()
    perform(world, cloud, made())
    write_journal(cloud, *more)
    return cloud


def entry(number: int, **values: Any) -> Entry:
    at = f"2026-11-2{number}T10:00:00+00:00"
    return Entry(
        f"r{number}",
        f"{number}",
        at,
        "ada@club",
        **{"status": "done", "outputs": OUTPUTS, **values},
    )


def write_journal(cloud: GoogleCloud, *more: Entry) -> None:
    journal = Journal((entry(1), entry(2), *more))
    name = "club/journal.json"
    found = cloud.read("jazz-1910-nuages", name)
    cloud.write("jazz-1910-nuages", name, written(journal), found.version if found else None)


class _Deaf:
    def step(self, title: str) -> Any:
        return nullcontext()

    def line(self, text: str) -> None:
        pass


def printed(
    text: str, kind: str, name: str, second: int, *, execution: str = "", **more: Any
) -> dict[str, Any]:
    """An entry as Cloud Run writes it."""
    labels = {"cloud_run_job": "job_name", "cloud_run_revision": "service_name"}
    label = labels.get(kind, "worker_pool_name")
    own = {"run.googleapis.com/execution_name": execution} if execution else {}
    return {
        "insertId": f"{name}-{text}-{second}",
        "timestamp": f"2026-11-21T19:30:{second:02d}.5Z",
        "resource": {"type": kind, "labels": {label: name}},
        "labels": own,
        "logName": f"{PROJECT}/logs/run.googleapis.com%2Fstdout",
        **({"textPayload": text} if text else {}),
        **more,
    }
