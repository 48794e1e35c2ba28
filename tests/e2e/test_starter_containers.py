"""A new project developed in containers: ``make containers``, around the source."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from nuages.starter.create import create

pytestmark = [pytest.mark.slow, pytest.mark.docker, pytest.mark.xdist_group("docker-engine")]
FILES = ("--env-file", ".env-local", "-f", "compose.yaml", "-f", "compose.dev.yaml")
Compose = Callable[..., str]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return create("devsite", tmp_path / "devsite").root


@pytest.fixture
def compose(root: Path, docker_engine: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Compose]:
    monkeypatch.setenv("COMPOSE_PROJECT_NAME", f"devsite-{uuid.uuid4().hex[:8]}")

    def call(*words: str) -> str:
        argv = ("docker", "compose", *FILES, *words)
        done = subprocess.run(argv, cwd=root, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    yield call
    call("down", "--volumes", "--rmi", "local", "--timeout", "1")


def test_the_source_is_served_and_reloaded(root: Path, compose: Compose) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    who = f"UID={os.getuid()}\nGID={os.getgid()}\nHTTP_PORT={port}\n"
    (root / ".env-local").write_text((root / ".env-local.example").read_text() + who)
    compose("up", "--build", "--detach")
    site = httpx.Client(base_url=f"http://localhost:{port}")
    assert set(health(site)["checks"].values()) == {"ok"}
    assert "is up." in site.get("/").text
    assert site.get("/static/css/site.css").status_code == 200
    assert "DEBUG = True" in site.get("/missing/").text
    page = root / "templates/core/home.html"
    page.write_text(page.read_text().replace("is up.", "was edited."))
    for _ in range(60):  # runserver looks once a second
        if "was edited." in site.get("/").text:
            break
        time.sleep(0.5)
    else:
        raise AssertionError("the edited page is not served")
    assert (root / "media").stat().st_uid == os.getuid()


def health(site: httpx.Client) -> dict[str, dict[str, str]]:
    for _ in range(120):
        try:
            return json.loads(site.get("/health/").text)
        except httpx.TransportError:
            time.sleep(0.5)
    raise AssertionError("nothing answers")
