"""A release from a machine where no Docker engine answers."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import pytest

from release.site import Site

pytestmark = [pytest.mark.slow, pytest.mark.docker, pytest.mark.xdist_group("release")]


def without_docker(folder: Path) -> str:
    """A PATH with everything that is on this one, and no docker."""
    folder.mkdir()
    for place in os.environ["PATH"].split(os.pathsep):
        for program in Path(place).glob("*"):
            link = folder / program.name
            if program.name != "docker" and not link.is_symlink():
                link.symlink_to(program)
    return str(folder)


def test_a_release_without_docker_ends_with_a_page(site: Site, tmp_path: Path) -> None:
    site.extra["PATH"] = path = without_docker(tmp_path / "bin")
    assert shutil.which("docker", path=path) is None

    said = site.nuages("deploy")

    assert "is built by the cloud" in said
    assert "Released r" in said
    assert site.page() == {"version": "first", "runs": []}
    names = site.world.resources.names("objects")
    assert names
    assert not [name for name in names if "/sources/" in name]


def test_a_release_that_was_killed_waits_for_the_build_that_it_began(site: Site) -> None:
    name = site.change()
    site.world.delay_operation("cloudbuild.projects.locations.builds.create", 8)
    child = site.start("deploy", "--builder", "cloud")
    assert child.stdout is not None
    while "Begin the build" not in (line := child.stdout.readline()):
        assert line, "it ended before it began to build"
    time.sleep(2)  # it says so, then writes it down; the build itself begins after eight
    child.kill()
    child.wait()

    said = site.nuages("deploy", "--builder", "cloud", "--verbose")

    assert "died at build:wait: it is gone on with" in said
    assert "Begin the build" not in said
    assert "load build definition" in said
    assert site.page() == {"version": name, "runs": [name]}
    assert not [each for each in site.world.resources.names("objects") if "/sources/" in each]


def test_a_build_that_fails_says_why_and_leaves_nothing(site: Site) -> None:
    requirements = site.root / "requirements.txt"
    before = requirements.read_text("utf-8")
    requirements.write_text(f"{before}\nno-such-package-of-anybody==1\n", "utf-8")

    said = site.nuages("deploy", "--builder", "cloud", "--no-check", status=8)

    requirements.write_text(before, "utf-8")
    assert "Cloud Build could not build the image" in said
    assert "no-such-package-of-anybody" in said
    assert not [name for name in site.world.resources.names("objects") if "/sources/" in name]
    assert site.page()["version"] == site.version


def test_an_engine_that_was_asked_for_by_name_is_not_replaced(site: Site) -> None:
    said = site.nuages("deploy", "--builder", "local", status=7)
    assert "docker is not installed here" in said
    assert "--builder cloud" in said
