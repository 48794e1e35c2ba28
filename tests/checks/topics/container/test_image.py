"""Rules about the image."""

from __future__ import annotations

import pytest
from clean_site import found
from container_site import RUN, image


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


@pytest.mark.parametrize("script", ["exec gosu app gunicorn x", "exec su-exec app gunicorn x"])
def test_a_script_that_becomes_somebody_else_is_no_root(script: str) -> None:
    text = 'FROM python:3.13\nRUN pip list\nENTRYPOINT ["./entry.sh"]\n'
    assert found("IMG001", {"Dockerfile": text, "entry.sh": f"#!/bin/sh\n{script}\n"}) == []


@pytest.mark.parametrize(
    ("name", "ended"),
    [
        ("python:3.13-slim-buster", True),
        ("python:3.13-bullseye", True),
        ("python:3.13-slim-bookworm", False),
        ("python:3.13-slim", False),
        ("python:3.12-alpine3.19", True),
        ("python:3.13-alpine3.22", False),
        ("debian:11-slim", True),
        ("ubuntu:20.04", True),
        ("ubuntu:24.04", False),
        ("node:20-slim", True),
        ("node:22", False),
        ("ghcr.io/astral-sh/uv:0.8", False),
    ],
)
def test_lifetimes_of_images(name: str, ended: bool) -> None:
    text = f"FROM {name}\nRUN pip list\nUSER 1\n{RUN}"
    assert bool(found("IMG003", {"Dockerfile": text})) is ended


def test_images_that_something_is_copied_from() -> None:
    loose = image("RUN pip list", "COPY --from=ghcr.io/astral-sh/uv /uv /bin/")
    assert len(found("IMG002", {"Dockerfile": loose})) == 1
    pinned = loose.replace("astral-sh/uv ", "astral-sh/uv:0.8.22 ")
    assert found("IMG002", {"Dockerfile": pinned}) == []
