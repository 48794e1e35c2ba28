"""The newcomer's checklist is true: its commands run, in a project fresh from ``nuages new``."""

from __future__ import annotations

import gzip
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from nuages.effects import clock, network, shell

from .checklist import PAGE, sections
from .conftest import Made, made

pytestmark = [pytest.mark.slow, pytest.mark.servers, pytest.mark.xdist_group("starter-versions")]

BY_HAND = {"ini"}  # shows what somebody's own values look like
VISIT = """
from django.test import Client
page = Client(HTTP_HOST='localhost', HTTP_ACCEPT_LANGUAGE='{language}').get('{path}')
print(page.status_code, page.headers.get('Location', ''), page.content.decode())
"""


def patched(text: str, patch: str) -> str:
    """As a reader would edit: the lines with a minus give way to those with a plus."""
    lines = [(line[0], line[1:]) for line in patch.splitlines()]
    old = "".join(f"{line}\n" for sign, line in lines if sign in " -")
    new = "".join(f"{line}\n" for sign, line in lines if sign in " +")
    assert text.count(old) == 1, f"the page speaks of lines that are not there:\n{old}"
    return text.replace(old, new)


@contextmanager
def receiving() -> Iterator[tuple[int, list[str]]]:
    """Stands in for Sentry: its port, and the envelopes that it was sent."""
    envelopes: list[str] = []

    class Sentry(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            zipped = self.headers.get("Content-Encoding") == "gzip"
            envelopes.append((gzip.decompress(body) if zipped else body).decode())
            self.send_response(200)
            self.end_headers()

        def log_message(self, *words: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Sentry) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port, envelopes
        server.shutdown()


@dataclass(frozen=True)
class Reader:
    """Somebody who does what the page says."""

    site: Made

    def follow(self, name: str, port: int = 1025, **variables: str) -> str:
        """What the commands of a section print; those in containers are another test's."""
        said = ""
        for block in sections()[name]:
            file = self.site.root / block.title
            if block.language == "sh" and not block.title:
                text = block.text.replace("localhost:1025", f"localhost:{port}")
                said += self.site.run("bash", "-euo", "pipefail", "-c", text, **variables)
            elif block.language == "python":
                file.write_text(block.text, "utf-8")
            elif block.language == "diff":
                file.write_text(patched(file.read_text("utf-8"), block.text), "utf-8")
            else:
                assert block.title == "containers" or block.language in BY_HAND
        return said

    @contextmanager
    def meanwhile(self, command: str, **variables: str) -> Iterator[Path]:
        """The log of a program that runs in another terminal."""
        log = self.site.root.parent / "other-terminal.log"
        environment = {**self.site.environment, "PYTHONUNBUFFERED": "1", **variables}
        call = shell.Call(tuple(command.split()), environment, self.site.root)
        process, _ = shell.spawn("other-terminal", call, log)
        yield log
        shell.stop(process)

    def sees(self, path: str, language: str = "en") -> str:
        return self.python(VISIT.format(path=path, language=language))

    def python(self, code: str, **variables: str) -> str:
        argv = ("python", "manage.py", "shell", "--verbosity", "0", "-c", code)
        return self.site.run(*argv, **variables)

    def entries(self) -> str:
        return self.python("print([entry.text for entry in Entry.objects.all()])")


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    site = made(tmp_path_factory.mktemp("newcomer") / "mysite", "3.13")
    programs = f"{site.environment['PATH']}:{Path(sys.executable).parent}"  # `nuages` is there
    return Reader(Made(site.root, {**site.environment, "PATH": programs}))


def test_the_first_superuser(reader: Reader) -> None:
    reader.follow("The first superuser")
    asked = "u = User.objects.get(); print(u, u.is_superuser, u.check_password('{}'))"
    assert "boss@example.org True True" in reader.python(asked.format("nine-tall-poplars"))


def test_the_admin_moves(reader: Reader) -> None:
    assert "302 /admin/login/" in reader.sees("/admin/")
    reader.follow("Rename the admin's path")
    assert "404 " in reader.sees("/admin/")
    assert "302 /backstage/login/" in reader.sees("/backstage/")


def test_an_app_is_added(reader: Reader) -> None:
    said = reader.follow("Add an app")
    assert "Create model Entry" in said
    assert "1 passed" in said
    assert "No changes detected" in said


def test_mail_is_printed_then_sent(reader: Reader) -> None:
    """To a port of its own: somebody's catcher may have the page's."""
    port = network.any_port()
    catcher = re.search(r"`(uv run --with aiosmtpd [^`]+)`", PAGE.read_text("utf-8"))
    command = catcher[1].replace("1025", str(port))
    with reader.meanwhile(command) as log:
        assert clock.until(lambda: network.answers(port), 60)
        said = reader.follow("E-mail", port)
        assert clock.until(lambda: "To: you@example.org" in log.read_text("utf-8"), 20)
    assert said.count("To: you@example.org") == 1


def test_tasks_run_at_once_then_in_a_worker(reader: Reader, redis: str) -> None:
    reader.follow("Celery")
    assert "At once" in reader.entries()
    compose = (reader.site.root / "compose.yaml").read_text("utf-8")
    assert re.search(r"^  worker:", compose, re.M)
    assert "celery" in compose
    with reader.meanwhile("make worker", REDIS_URL=redis) as log:
        assert clock.until(lambda: "ready." in log.read_text("utf-8"), 60)
        later = "from apps.guestbook.tasks import write; write.delay('Later')"
        reader.python(later, REDIS_URL=redis)
        assert clock.until(lambda: "Later" in reader.entries(), 30), log.read_text("utf-8")


def test_pages_speak_german(reader: Reader) -> None:
    reader.follow("Translations")
    assert "Konto anlegen" in reader.sees("/accounts/login/", "de")
    assert "Konto anlegen" not in reader.sees("/accounts/login/", "en")


def test_debug_tools(reader: Reader) -> None:
    assert re.search(r"^1 \d+$", reader.follow("Debug tools"), re.M)
    assert "djdt" in reader.sees("/accounts/login/").lower()
    quiet = VISIT.format(path="/accounts/login/", language="en")
    assert "djdt" not in reader.python(quiet, DEBUG_TOOLBAR="off").lower()


def test_errors_are_reported(reader: Reader) -> None:
    with receiving() as (port, envelopes):
        reader.follow("Error reporting", SENTRY_DSN=f"http://public@localhost:{port}/1")
        assert any('"Hello"' in envelope for envelope in envelopes)


def test_what_ci_runs(reader: Reader) -> None:
    said = reader.follow("CI")
    workflow = (reader.site.root / ".github/workflows/ci.yml").read_text("utf-8")
    assert re.findall(r"run: make (\w+)", workflow) == ["lint", "check", "test"]
    assert re.search(r"\d{3,} passed", said)
    assert "System check identified no issues" in said
