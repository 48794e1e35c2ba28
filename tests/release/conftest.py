"""A cloud for releases: real containers, real Terraform, the APIs on loopback."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
from fakes.google import GoogleWorld
from fakes.google.runtime import ContainerRuntime

from nuages.local.docker import is_available
from release.programs import Programs
from release.site import Site


@pytest.fixture(scope="session")
def cloud() -> None:
    """What a world that deploys needs of this machine."""
    lacking = [] if is_available() else ["Docker engine"]
    if shutil.which("terraform") is None or "TF_CLI_CONFIG_FILE" not in os.environ:
        lacking.append("Terraform with providers")
    if lacking and os.environ.get("CI") == "true":
        pytest.fail(f"CI has no {' and no '.join(lacking)}: no release was proved")
    if lacking:
        pytest.skip(f"NO {' AND NO '.join(lacking).upper()}: no release was proved")


@pytest.fixture(scope="module")
def site(cloud: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site in a world of its own, not deployed yet."""
    folder = tmp_path_factory.mktemp("release")
    with GoogleWorld(folder / "world", "jazz-1910", ContainerRuntime()) as world:
        yield Site.made(folder / "site", world)


@pytest.fixture(scope="module")
def programs(site: Site) -> Programs:
    made = Programs.made(site.root.with_name("programs"))
    site.extra |= made.environment
    return made
