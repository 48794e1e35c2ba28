"""A world that is stopped and started again."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from fakes.google import GoogleWorld
from fakes.google.kinds import SERVICE as KIND
from fakes.google.kinds import SQL_INSTANCE
from fakes.google.runtime import ContainerRuntime, tiny
from fakes.google.runtime.registry import Registry
from fakes.google.runtime.test_databases import instance
from fakes.google.runtime.tiny import SERVICE, revision

pytestmark = [pytest.mark.slow, pytest.mark.docker, pytest.mark.xdist_group("google-runtime")]
INSERT = "CREATE TABLE songs AS SELECT 'Nuages' AS title"


def test_what_ran_runs_again_at_the_same_place(tmp_path: Path, registry: Registry) -> None:
    runtime = ContainerRuntime(keep=True)
    with GoogleWorld(tmp_path, runtime=runtime) as world:
        image = tiny.push(runtime)
        made = {**revision(image, "web-one"), "conditions": [], "service": "web"}
        traffic = [{"revision": "web-one", "percent": 100}]
        world.resources.put("revisions", made["name"], made)
        world.resources.put(KIND, SERVICE, {"name": SERVICE, "traffic": traffic})
        database = instance("jazz", "10.0.8.8")
        world.resources.put(SQL_INSTANCE, "jazz", database)
        runtime.start_database(database)
        runtime.create_database("jazz", "jazz")
        runtime.databases["jazz"].ask("jazz", INSERT)
        uri = runtime.service_uri(SERVICE)
    resumed = ContainerRuntime()
    with GoogleWorld(tmp_path, runtime=resumed) as world:
        policy = {"bindings": [{"role": "roles/run.invoker", "members": ["allUsers"]}]}
        world.policies.set(SERVICE, policy)
        assert resumed.service_uri(SERVICE) == uri
        assert httpx.get(uri).status_code == 200
        assert resumed.databases["jazz"].ask("jazz", "SELECT title FROM songs") == "Nuages\n"
