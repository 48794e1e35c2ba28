from __future__ import annotations

from dataclasses import replace

import pytest

from nuages.artifacts.dockerfile import dockerfile
from nuages.artifacts.layout import Layout
from nuages.config.resolve import resolve
from nuages.image import Image
from nuages.local.container.mending import mended
from nuages.model import Deployment
from nuages.project.detect import detect
from nuages.project.tree import Tree
from tests.project.plain_project import PLAIN

PROJECT = detect(Tree.of(PLAIN))


@pytest.fixture(scope="module")
def deployment() -> Deployment:
    return resolve(PROJECT, private=True)


def after(image: Image, log: str, lists: dict[str, str] | None = None) -> Image | None:
    found = mended(image, log, PROJECT.dependencies, {"shop"}, lambda: lists or {})
    return found.image if found else None


def rendered(deployment: Deployment, image: Image) -> str:
    return dockerfile(replace(deployment, image=image), Layout(private=True)).text


@pytest.mark.parametrize(
    ("log", "line"),
    [
        (
            "ModuleNotFoundError: No module named 'rest_framework'",
            "uv pip install --constraint /tmp/installed.txt djangorestframework",
        ),
        ("ModuleNotFoundError: No module named 'pkg_resources'", "uv pip install 'setuptools<81'"),
        ("Failed to build `psycopg2==2.9.9`\nError: pg_config is required", "libpq-dev"),
        (
            "Failed to build `old-thing==1.2`\ncannot import name 'x' from 'setuptools'",
            "--build-constraints /tmp/older-tools.txt old-thing==1.2",
        ),
        (
            "because you require pytz==2020.1 and pytz==2021.1",
            "uv pip install --overrides /tmp/overrides.txt -r",
        ),
        ("error: Couldn't parse requirement in `requirements.txt`", "/venv/bin/pip install -r"),
    ],
)
def test_a_remedy_ends_in_the_dockerfile_and_is_tried_once(
    log: str, line: str, deployment: Deployment
) -> None:
    assert line not in rendered(deployment, deployment.image)
    image = after(deployment.image, log)
    assert image is not None
    assert line in rendered(deployment, image)
    tried = 0
    while image := after(image, log):  # a ladder ends
        tried += 1
        assert tried < 5


@pytest.mark.parametrize("installer", ["uv-sync", "poetry", "pdm", "pipenv"])
def test_every_manager_takes_what_replaces_a_package(
    installer: str, deployment: Deployment
) -> None:
    start = replace(deployment.image, installer=installer, lock="a.lock")  # type: ignore[arg-type]
    log = "Failed to build `old-thing==1.2`\nModuleNotFoundError: No module named 'ez_setup'"
    image = after(start, log)
    assert image is not None
    text = rendered(deployment, image)
    assert "echo 'setuptools<72' > /tmp/older-tools.txt" in text
    assert "# old-thing==1.2 builds only with older tools: setuptools<72." in text


def test_a_module_of_the_projects_own_is_not_looked_for_elsewhere(deployment: Deployment) -> None:
    log = "ModuleNotFoundError: No module named 'shop.secret'"
    assert after(deployment.image, log) is None


def test_the_projects_own_word_for_a_package_is_taken(deployment: Deployment) -> None:
    lists = {"requirements/dev.txt": "djangorestframework==3.14.0\n"}
    log = "ModuleNotFoundError: No module named 'rest_framework'"
    image = after(deployment.image, log, lists)
    assert image is not None
    assert [hold.line for hold in image.undeclared] == ["djangorestframework==3.14.0"]
