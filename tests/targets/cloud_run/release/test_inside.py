"""A revision that only the network reaches: by what it is asked, and how the answer is judged."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from nuages.errors import ProofFailed
from nuages.steps.stage import Outputs
from nuages.steps.step import Probe, Question
from nuages.targets.cloud_run import release
from nuages.targets.cloud_run.reach import PROBE
from nuages.targets.cloud_run.release import inside

SCRIPT = Path(release.__file__).with_name("scripts") / "asked.py"
ENDED = {"completionTime": "2026-11-22T02:00:00Z"}


class Pages(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        status = {"/": 302, "/health/": 200}.get(self.path, 503)
        self.send_response(status)
        self.send_header("Location", "/login/")
        self.end_headers()
        self.wfile.write(b"the database\nis not there" if status == 503 else b"")

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def address() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Pages) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def asked(url: str, *paths: str) -> subprocess.CompletedProcess[str]:
    questions = tuple(Question(path, (200, 302)) for path in paths)
    told = inside.question(Probe("Ask it", url, questions, patience=0))
    argv = (sys.executable, str(SCRIPT), told)
    return subprocess.run(argv, capture_output=True, text=True, check=False)


def test_the_job_ends_well_where_every_answer_is_right(address: str) -> None:
    done = asked(address, "/health/", "/")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [f"{address}/health/ answers 200", f"{address}/ answers 302"]


def test_its_last_line_is_what_was_wrong(address: str) -> None:
    done = asked(address, "/health/", "/health/live")
    assert done.returncode == 1
    said = done.stderr.splitlines()
    assert said == [f"{address}/health/live answers 503 the database is not there"]


def test_that_line_is_what_the_release_ends_with() -> None:
    lines = [{"textPayload": "http://it/health/ answers 503 down"}, {"textPayload": "exit(1)"}]
    known = {
        f"execution:{PROBE}": {"name": "e", **ENDED, "failedCount": 1},
        f"log:{PROBE}": {"entries": lines},
    }
    with pytest.raises(ProofFailed) as raised:
        inside.judge(Outputs(known))
    assert raised.value.message == "http://it/health/ answers 503 down"
    assert inside.judge(Outputs({f"execution:{PROBE}": {**ENDED, "succeededCount": 1}})) == []


def test_the_question_says_what_a_probe_does() -> None:
    probe = Probe("Ask it", "https://c---it", (Question("/", (200,)),), audience="https://it")
    assert json.loads(inside.question(probe)) == {
        "url": "https://c---it",
        "audience": "https://it",
        "patience": 60,
        "questions": [{"path": "/", "statuses": [200]}],
    }
