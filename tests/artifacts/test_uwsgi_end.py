"""uWSGI itself, with the file that is generated for it, told to end."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import handmade
import httpx
import pytest

from nuages.artifacts.layout import Layout
from nuages.artifacts.server import server
from nuages.config.pins import PINS

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("uwsgi")]
APPLICATION = """\
import os, time

print("importing", flush=True)
time.sleep(float(os.environ["IMPORT"]))

def application(environ, start_response):
    if environ["PATH_INFO"] == "/slow":
        print("answering", flush=True)
        time.sleep(3)
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"whole"]
"""
WAIT = 60
"""Seconds for what takes fewer than ten; an import here would take ten times as many."""


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """uWSGI, as an image has it."""
    folder = tmp_path_factory.mktemp("uwsgi") / "venv"
    uv = Path(sys.executable).with_name("uv")
    pin = f"pyuwsgi=={PINS['pyuwsgi'][0].version}"
    subprocess.run((uv, "venv", "--quiet", "--python", sys.executable, folder), check=True)
    install = (uv, "pip", "install", "--quiet", "--python", folder / "bin/python", pin)
    if subprocess.run(install, check=False).returncode:
        pytest.skip("NO PYUWSGI TO BE HAD: its end was not proved")
    return folder / "bin/uwsgi"


class Site:
    """A server with a log."""

    def __init__(self, program: Path, folder: Path, port: int, seconds: float) -> None:
        self.log, self.address = folder / "log", f"http://127.0.0.1:{port}"
        (folder / "mysite").mkdir()
        (folder / "mysite/__init__.py").touch()
        (folder / "mysite/wsgi.py").write_text(APPLICATION, "utf-8")
        process = handmade.server(kind="uwsgi", asgi=False)
        text = server(handmade.deployment(server=process), Layout())[0].text
        (folder / "uwsgi.ini").write_text(text, "utf-8")
        given = {"PORT": str(port), "WEB_CONCURRENCY": "2", "IMPORT": str(seconds)}
        self.child = subprocess.Popen(
            (program, "--ini", "uwsgi.ini"),
            cwd=folder,
            env={**os.environ, **given},
            stdout=self.log.open("wb"),
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def await_line(self, text: str, count: int = 1) -> None:
        end = time.monotonic() + WAIT
        while self.log.read_text("utf-8", "replace").count(text) < count:
            assert time.monotonic() < end, self.log.read_text("utf-8", "replace")
            assert self.child.poll() is None, self.log.read_text("utf-8", "replace")
            time.sleep(0.05)

    def told_to_end(self) -> int:
        """Its status; TimeoutExpired where it does not end."""
        self.child.terminate()
        return self.child.wait(timeout=WAIT)


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@pytest.fixture
def start(program: Path, tmp_path: Path) -> Iterator[Callable[[float], Site]]:
    begun: list[Site] = []

    def started(seconds: float) -> Site:
        begun.append(Site(program, tmp_path, free_port(), seconds))
        return begun[-1]

    yield started
    for site in begun:
        if site.child.poll() is None:
            os.killpg(site.child.pid, signal.SIGKILL)
            site.child.wait()


def test_it_ends_while_the_site_is_still_imported(start: Callable[[float], Site]) -> None:
    site = start(600)
    site.await_line("importing", 2)
    assert site.told_to_end() == 0


def test_it_says_that_it_closes_what_it_has_answered(start: Callable[[float], Site]) -> None:
    site = start(0)
    site.await_line("WSGI app 0 (mountpoint='') ready", 2)
    answer = httpx.get(site.address, timeout=WAIT)
    assert (answer.text, answer.headers["connection"]) == ("whole", "close")


def test_it_ends_once_a_request_is_answered_to_the_end(start: Callable[[float], Site]) -> None:
    site = start(0)
    site.await_line("WSGI app 0 (mountpoint='') ready", 2)
    found: list[str] = []
    client = threading.Thread(
        target=lambda: found.append(httpx.get(f"{site.address}/slow", timeout=WAIT).text)
    )
    client.start()
    site.await_line("answering")
    assert site.told_to_end() == 0
    client.join()
    assert found == ["whole"]
