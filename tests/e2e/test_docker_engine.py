"""The Docker engine on projects of our own: built, served behind nginx, proved and stopped."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from nuages.local.container.project import Project

PROGRAM = str(Path(sys.executable).with_name("nuages"))
PROJECTS = Path(__file__).parents[1] / "fixtures" / "projects"
EVERYTHING = {
    "page",
    "style sheet",
    "admin",
    "admin style sheet",
    "log in over http",
    "log in over https",
    "/health/live",
    "/health/",
    "foreign host",
}

pytestmark = [pytest.mark.slow, pytest.mark.docker, pytest.mark.xdist_group("docker-engine")]


def docker(*words: str) -> str:
    done = subprocess.run(("docker", *words), capture_output=True, text=True, check=False)
    return done.stdout.strip()


@pytest.fixture(scope="session", autouse=True)
def engine(docker_engine: None) -> None:
    """None of these runs without one."""


@pytest.fixture
def root(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """A copy of a project; its containers and volumes are gone afterwards."""
    name = getattr(request, "param", "plain_sqlite")
    copy = tmp_path / name
    shutil.copytree(PROJECTS / name, copy, ignore=shutil.ignore_patterns(".nuages", "nuages.yaml"))
    yield copy
    project = Project(copy, dict(os.environ))
    if project.home.exists():
        subprocess.run(project.argv("down", "--volumes", "--rmi", "local"), check=False)


def nuages(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [PROGRAM, *arguments],
        env={**os.environ, "NO_COLOR": "1", **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )


def up(root: Path, *options: str, **environment: str) -> dict[str, Any]:
    done = nuages("up", str(root), "--engine", "docker", "--json", *options, **environment)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize(
    "root",
    [
        "plain_sqlite",
        "split_postgres",
        "uv_src",
        "poetry_mysql",
        "channels_asgi",
        "configurations",
        "monorepo",
    ],
    indirect=True,
)
def test_each_layout_is_built_served_and_proved(root: Path) -> None:
    before = {path for path in root.rglob("*") if path.is_file()}
    found = up(root, "--prove")
    checks = {c["name"]: c["outcome"] for c in found["proof"]["checks"]}
    assert checks == dict.fromkeys(EVERYTHING, "proved")
    after = {path for path in root.rglob("*") if path.is_file() and ".nuages" not in path.parts}
    assert after == before
    assert not docker("ps", "--quiet", "--filter", f"name={found['running']['containers'][0]}")


@pytest.mark.parametrize("server", ["gunicorn", "uvicorn", "uwsgi", "granian"])
def test_each_server_serves(root: Path, server: str) -> None:
    (root / "nuages.yaml").write_text(f"server: {server}\n")
    found = up(root, "--prove")
    assert {c["outcome"] for c in found["proof"]["checks"]} == {"proved"}


def test_containers_may_do_little_and_down_removes_them(root: Path) -> None:
    found = up(root, "--detach", "--replicas", "2")
    webs = [name for name in found["running"]["containers"] if "-web-" in name]
    assert len(webs) == 2
    command = ("exec", webs[0], "sh", "-c")
    assert docker(*command, "id -u") == "2000"
    assert docker(*command, "touch /app/x 2>&1").endswith("Read-only file system")
    assert docker(*command, "touch /tmp/x /app/media/x && echo written") == "written"
    inspected = json.loads(docker("inspect", webs[0]))[0]["HostConfig"]
    assert inspected["CapDrop"] == ["ALL"]
    assert inspected["Memory"]
    ports = {
        p for name in found["running"]["containers"] for p in docker("port", name).splitlines()
    }
    assert all(port.rpartition("-> ")[2].startswith("127.0.0.1:") for port in ports)
    assert (root / ".nuages" / ".env").stat().st_mode & 0o777 == 0o600
    down = nuages("down", str(root))
    assert webs[0] in down.stdout
    assert not docker("ps", "--all", "--quiet", "--filter", f"name={webs[0]}")


def test_sigterm_lets_the_web_server_end_by_itself(root: Path) -> None:
    found = up(root, "--detach")
    web = next(name for name in found["running"]["containers"] if "-web-" in name)
    docker("stop", "--time", "30", web)
    assert docker("inspect", "--format", "{{.State.ExitCode}}", web) == "0"
    assert "Shutting down: Master" in (root / ".nuages/logs/web-1.log").read_text()


def test_tls_is_on_at_the_printed_address(root: Path) -> None:
    found = up(root, "--detach", "--tls")
    address = found["running"]["address"]
    answer = httpx.get(address, verify=False)  # noqa: S501 -- its own certificate
    assert address.startswith("https://localhost:")
    assert "max-age" in answer.headers["strict-transport-security"]


def test_the_image_starts_without_a_database(root: Path) -> None:
    up(root, "--prove")
    image = Project(root, dict(os.environ)).image
    variables = ("--env", "DJANGO_SECRET_KEY=smoke", "--env", "SECRET_KEY=smoke")
    container = docker("run", "--detach", "--network", "none", *variables, image)
    probe = "import time, urllib.request as u\nfor _ in range(100):\n try: print(u.urlopen("
    probe += "'http://127.0.0.1:8000/health/live').status); break\n except OSError: time.sleep(.1)"
    try:
        assert docker("exec", container, "python", "-c", probe) == "200"
    finally:
        docker("rm", "--force", container)


def test_a_build_that_fails_names_its_cause(root: Path) -> None:
    (root / "requirements.txt").write_text("Django==5.2.19\nno-such-package-anywhere==1.0\n")
    done = nuages("up", str(root), "--engine", "docker", "--json")
    assert done.returncode == 8
    assert "no-such-package-anywhere" in done.stdout + done.stderr
    assert not docker("ps", "--quiet", "--filter", f"name={Project(root, {}).name}")


def test_an_interrupt_leaves_nothing_running(root: Path) -> None:
    up(root, "--prove")  # so that the image is there
    running = subprocess.Popen(
        [PROGRAM, "up", str(root), "--engine", "docker"],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert running.stdout is not None
    for line in running.stdout:
        if line.startswith("Serving"):
            break
    running.send_signal(signal.SIGINT)
    running.stdout.read()
    assert running.wait(timeout=120) == 0
    name = Project(root, {}).name
    assert not docker("ps", "--all", "--quiet", "--filter", f"name={name}")
