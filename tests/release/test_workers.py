"""A site that hands work to a worker pool through its Redis, which has TLS and a password."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from fakes.google import GoogleWorld
from fakes.google.runtime import ContainerRuntime

from release.site import Site

pytestmark = [pytest.mark.slow, pytest.mark.docker, pytest.mark.xdist_group("release")]
STUDIO = Path(__file__).parents[1] / "fixtures/releases/studio"
SERVICE = "projects/jazz-1910/locations/europe-west1/services/studio"


@pytest.fixture(scope="module")
def address(cloud: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the deployed site answers."""
    folder = tmp_path_factory.mktemp("studio")
    with GoogleWorld(folder / "world", "jazz-1910", ContainerRuntime()) as world:
        shutil.copytree(STUDIO, folder / "site")
        Site(folder / "site", world).nuages("deploy")
        yield world.runtime.service_uri(SERVICE)


def test_a_task_is_done_by_the_worker_pool(address: str) -> None:
    asked = httpx.get(f"{address}/wanted/Nuages/", timeout=30)
    assert (asked.status_code, asked.json()) == (200, {"wanted": "Nuages"}), asked.text
    for _ in range(120):
        takes = httpx.get(address, timeout=30).json()["takes"]
        if takes:
            break
        time.sleep(0.5)
    assert takes == [["Nuages", "studio-worker"]]
