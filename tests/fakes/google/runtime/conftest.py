"""One world with containers for all tests of a module."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator

import pytest

from fakes.google.runtime import ContainerRuntime, tiny
from fakes.google.runtime.registry import Registry
from nuages.local.docker import is_available


@pytest.fixture(scope="session")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    if not is_available():
        if os.environ.get("CI") == "true":
            pytest.fail("CI has no Docker engine: the fake of Google Cloud ran nothing")
        pytest.skip("NO DOCKER ENGINE: the fake of Google Cloud ran nothing")
    made = Registry(tmp_path_factory.mktemp("registry"))
    made.start()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> tiny.World:
    return tiny.World(tmp_path_factory.mktemp("world"))


@pytest.fixture(scope="module")
def runtime(registry: Registry, world: tiny.World) -> Iterator[ContainerRuntime]:
    made = ContainerRuntime(patience=5, registry=registry)
    made.start(world)
    yield made
    made.stop()
    assert made.docker.owned() == []
    names = subprocess.run(["docker", "images"], capture_output=True, text=True, check=True).stdout
    assert registry.host not in names


@pytest.fixture(scope="module")
def image(runtime: ContainerRuntime) -> str:
    return tiny.push(runtime)


@pytest.fixture(autouse=True)
def open_to_all(request: pytest.FixtureRequest) -> None:
    """Each test begins with a public service."""
    if "world" in request.fixturenames:
        world = request.getfixturevalue("world")
        world.may_invoke, world.ingresses = {"allUsers"}, {}
