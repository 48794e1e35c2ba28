"""Rules about the image."""

from __future__ import annotations

import pytest
from clean_site import found

RUN = 'CMD ["gunicorn", "shop.wsgi"]\n'


@pytest.mark.parametrize(
    "text",
    [
        f"FROM python:3.13\nUSER app\n{RUN}",
        f"FROM python:3.13 AS base\nUSER 1000:1000\nFROM base\n{RUN}",
        f"FROM python:3.13\nUSER root\nRUN pip list\nUSER app\n{RUN}",
        f"FROM python:3.13\nARG UID\nUSER $UID\n{RUN}",
    ],
)
def test_a_user_of_its_own_is_fine(text: str) -> None:
    assert found("IMG001", {"Dockerfile": text}) == []


def test_a_user_of_another_stage_does_not_count() -> None:
    text = f"FROM python:3.13 AS build\nUSER app\nFROM python:3.13\n{RUN}"
    (finding,) = found("IMG001", {"Dockerfile": text})
    assert finding.location.line == 3


def test_root_at_the_end_is_named() -> None:
    (finding,) = found("IMG001", {"Dockerfile": f"FROM python:3.13\nUSER 0:0\n{RUN}"})
    assert (finding.location.line, finding.message) == (2, "The last USER is 0:0")


@pytest.mark.parametrize(
    ("image", "floats"),
    [
        ("python", True),
        ("python:latest", True),
        ("ghcr.io/astral-sh/uv:latest", True),
        ("registry:5000/team/site", True),
        ("registry:5000/team/site:1.2", False),
        ("python:3.13-slim", False),
        ("python@sha256:abc", False),
        ("python:${VERSION}", False),
        ("$IMAGE", False),
        ("scratch", False),
    ],
)
def test_versions_of_images(image: str, floats: bool) -> None:
    text = f"FROM {image}\nUSER 1\nRUN pip list\n"
    assert bool(found("IMG002", {"Dockerfile": text})) is floats


def test_a_dockerfile_for_development_is_not_judged() -> None:
    assert found("IMG", {"Dockerfile.dev": f"FROM python\n{RUN}"}) == []
