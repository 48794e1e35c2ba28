"""The prober against a small site of the tests' own, over real HTTP."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import httpx
import pytest

from nuages.local.engine import Running, Superuser
from nuages.local.prober import _Prober, is_among

FORM = """<form method=post><input type={kind} name=who><input type=password name=password>
{more}</form>"""


class Door(BaseHTTPRequestHandler):
    """A login that takes one identity, and counts who knocked."""

    takes, kind, more = "admin@example.org", "email", ""
    knocked: list[str]

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Set-Cookie", "visit=1")
        self.end_headers()
        self.wfile.write(FORM.format(kind=self.kind, more=self.more).encode())

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        who = parse_qs(body)["who"][0]
        self.knocked.append(who)
        if who != self.takes:
            self.do_GET()
            return
        self.send_response(302)
        self.send_header("Location", "/admin/")
        self.send_header("Set-Cookie", "sessionid=abc")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


Serve = Callable[[type[Door]], _Prober]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    servers = []

    def start(door: type[Door]) -> _Prober:
        door.knocked = []
        server = ThreadingHTTPServer(("127.0.0.1", 0), door)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        place = f"127.0.0.1:{server.server_port}"
        user = Superuser("username", "admin", "x", True, True, ("admin@example.org",))
        running = Running(
            "process", f"http://{place}", f"http://{place}", place, user, (), (), (), (), (),
            tmp_path, "/admin/", (),
        )  # fmt: skip
        return _Prober(running, httpx.Client())

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def outcomes(prober: _Prober) -> list[str]:
    checks = prober._admin(prober._follow("/admin/"), "/admin/")
    return [check.outcome for check in checks if check.name.startswith("log in")]


def test_a_form_that_asks_for_an_address_gets_it_first(serve: Serve) -> None:
    prober = serve(Door)
    assert outcomes(prober) == ["proved", "proved"]
    assert Door.knocked == ["admin@example.org"] * 2
    assert prober.identity == "admin@example.org"


def test_what_opened_the_door_once_is_used_again(serve: Serve) -> None:
    class Plain(Door):
        kind = "text"

    assert outcomes(serve(Plain)) == ["proved", "proved"]
    assert Plain.knocked == ["admin", "admin@example.org", "admin@example.org"]


def test_a_cookie_from_before_is_no_session(serve: Serve) -> None:
    class Shut(Door):
        takes = "somebody else"

    assert outcomes(serve(Shut)) == ["failed", "failed"]


def test_a_captcha_is_not_solved(serve: Serve) -> None:
    class Doubting(Door):
        more = '<div class="g-recaptcha"></div>'

    assert outcomes(serve(Doubting)) == ["not-applicable", "not-applicable"]
    assert Doubting.knocked == []


def test_a_file_of_a_urls_name_is_looked_for_in_all_of_a_project(tmp_path: Path) -> None:
    (tmp_path / "site" / "static").mkdir(parents=True)
    (tmp_path / "site" / "static" / "my style.css").write_text("body {}")
    assert is_among(tmp_path, "/static/my%20style.css?v=2")
    assert not is_among(tmp_path, "/static/style.css")
