"""Rules about the image."""

from __future__ import annotations

import pytest
from clean_site import found
from container_site import RUN, compose, image


@pytest.mark.parametrize(
    ("base", "lines", "said"),
    [
        ("python:3.13-slim-trixie", ["RUN adduser --system x"], True),
        ("python:3.13-slim", ["RUN addgroup x"], True),
        ("python:3.13-slim-bookworm", ["RUN adduser --system x"], False),
        ("python:3.13", ["RUN curl -O https://x.example/y"], False),
        ("python:3.13-alpine", ["RUN adduser -S x"], False),
        ("python:3.13-slim", ["HEALTHCHECK CMD curl -f http://localhost"], True),
        ("python:3.13-slim", ['HEALTHCHECK CMD ["wget", "-q", "http://localhost"]'], True),
        ("python:3.13-slim", ["RUN apt-get update && apt-get install -y curl",
                              "HEALTHCHECK CMD curl -f http://localhost"], False),
        ("python:3.13-slim", ["RUN apt-get install -y libpq5 && adduser --system x"], True),
        ("python:3.13-slim", ["RUN apt-get install -y postgresql-client && adduser x"], False),
        ("python:3.13-slim", ["RUN apt-get install -y $PACKAGES && git clone x"], False),
        ("python:3.13-slim", ["COPY --from=x /usr/bin/tini /usr/bin/tini", "RUN tini --version"],
         False),
        ("python:3.13-slim", ["RUN useradd --system x"], False),
        ("company/python:1", ["RUN adduser x"], False),
    ],
)  # fmt: skip
def test_commands_of_the_base_image(base: str, lines: list[str], said: bool) -> None:
    text = "\n".join([f"FROM {base}", "RUN pip list", *lines, "USER 1", RUN])
    assert bool(found("IMG043", {"Dockerfile": text})) is said


def test_requirements_that_include_others() -> None:
    files = {"reqs/prod.txt": "-r base.txt\ngunicorn==1\n", "reqs/base.txt": "django==5.2.8\n"}
    one = image("COPY reqs/prod.txt /tmp/r.txt", "RUN uv pip sync /tmp/r.txt")
    assert len(found("IMG048", {**files, "Dockerfile": one})) == 1
    for lines in (
        ["COPY reqs /reqs", "RUN pip install -r /reqs/prod.txt"],
        ["COPY reqs/*.txt ./", "RUN pip install -r prod.txt"],
        ["COPY . .", "RUN pip install -r reqs/prod.txt"],
        ["COPY reqs/prod.txt reqs/base.txt ./", "RUN pip install -r prod.txt"],
        ["RUN --mount=type=bind,target=. pip install -r reqs/prod.txt"],
    ):
        assert found("IMG048", {**files, "Dockerfile": image(*lines)}) == [], lines


def test_a_list_that_names_everything_needs_no_dependencies() -> None:
    line = "RUN pip install --no-deps -r r.txt"
    short = {"Dockerfile": image("COPY r.txt .", line), "r.txt": "django==5.2.8\n"}
    assert len(found("IMG047", short)) == 1
    full = {**short, "r.txt": "asgiref==3.10.0\ndjango==5.2.8\nsqlparse==0.5.3\n"}
    assert found("IMG047", full) == []


def test_what_a_compose_file_names() -> None:
    lines = ["    depends_on: {db: {condition: service_started}}", "    volumes: ['data:/x']"]
    messages = [each.message for each in found("IMG046", compose(*lines))]
    assert messages == [
        "web depends on db, which is no service",
        "The volume data is not under `volumes`",
    ]
    other = {**compose(*lines), "compose.override.yaml": "services: {db: {image: x}}\n"}
    assert found("IMG046", other) == []
    host = ["    volumes: ['./data:/x', '/srv:/y', '~/z:/z', '${D}:/d']"]
    assert found("IMG046", compose(*host)) == []


def test_of_two_commands_one_is_ignored() -> None:
    text = image("RUN pip list", 'CMD ["python", "manage.py", "migrate"]')
    (finding,) = found("IMG045", {"Dockerfile": text})
    assert finding.location.line == 3
    stages = f"FROM python:3.13 AS base\n{RUN}FROM base\nUSER 1\n{RUN}"
    assert found("IMG045", {"Dockerfile": stages}) == []
