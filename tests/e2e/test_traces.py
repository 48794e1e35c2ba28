"""Traces of a site whose code knows nothing of them, received by a collector on this machine."""

from __future__ import annotations

import base64
import json
import signal
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from traces_site import SERVERS, Site, free_port, rendered

from nuages.targets.cloud_run.environment import environment

pytestmark = pytest.mark.slow
TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
DECODE = """
import json, sys
from google.protobuf.json_format import MessageToDict
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
for name in sys.argv[1:]:
    request = ExportTraceServiceRequest.FromString(open(name, "rb").read())
    print(json.dumps(MessageToDict(request)))
"""


@pytest.fixture(params=SERVERS)
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Site:
    return rendered(tmp_path / "site", request.param)


class Collector:
    """Takes OTLP over HTTP: https://opentelemetry.io/docs/specs/otlp/#otlphttp-request"""

    def __init__(self, folder: Path):
        folder.mkdir()
        self.arrived = threading.Event()
        self.paths: list[str] = []
        self.asked: list[str] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if self.path == "/token":
                    self.answer(b'{"access_token": "lent", "expires_in": 3600}')
                    return
                (folder / f"{len(outer.paths)}.pb").write_bytes(body)
                outer.paths.append(f"{self.path} {self.headers['Content-Type']}")
                outer.asked.append(self.headers.get("Authorization", ""))
                self.answer(b"")
                outer.arrived.set()

            def answer(self, body: bytes) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None: ...

        self.folder = folder
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def spans(self, python: Path) -> list[tuple[dict[str, str], dict[str, Any]]]:
        """Each span with the attributes of what sent it, decoded by the site's own library."""
        files = sorted(str(path) for path in self.folder.iterdir())
        told = subprocess.check_output([python, "-c", DECODE, *files], text=True)
        found = []
        for line in told.splitlines():
            for part in json.loads(line)["resourceSpans"]:
                resource = {
                    a["key"]: a["value"]["stringValue"] for a in part["resource"]["attributes"]
                }
                found += [(resource, s) for scope in part["scopeSpans"] for s in scope["spans"]]
        return found


@pytest.fixture
def collector(tmp_path: Path) -> Iterator[Collector]:
    found = Collector(tmp_path / "collected")
    yield found
    found.server.shutdown()


def test_a_request_is_a_span_of_the_callers_trace(site: Site, collector: Collector) -> None:
    environ = {"OTEL_EXPORTER_OTLP_ENDPOINT": collector.url, "OTEL_BSP_SCHEDULE_DELAY": "200"}
    with site.served(**environ) as (client, _):
        answer = client.get("/baskets/7/", headers={"traceparent": f"00-{TRACE}-{SPAN}-01"})
        assert answer.status_code == 200
        assert collector.arrived.wait(30), (site.root / "log").read_text()
    found = collector.spans(site.python)
    resource, span = next(pair for pair in found if "baskets" in json.dumps(pair[1]))
    assert set(collector.paths) == {"/v1/traces application/x-protobuf"}
    assert resource["service.name"] == site.deployment.name
    assert span["name"] == "GET baskets/<int:number>/"
    assert span["kind"] == "SPAN_KIND_SERVER"
    assert decoded(span["traceId"]) == TRACE
    assert decoded(span["parentSpanId"]) == SPAN
    assert not [s for _, s in found if "health" in json.dumps(s)]  # probes tell nothing


def test_a_collector_that_does_not_answer_costs_nothing(site: Site) -> None:
    nowhere = f"http://127.0.0.1:{free_port()}"
    with site.served(OTEL_EXPORTER_OTLP_ENDPOINT=nowhere) as (client, process):
        assert [client.get("/baskets/7/").status_code for _ in range(5)] == [200] * 5
        process.send_signal(signal.SIGTERM)
        process.wait(60)
    assert "Traceback" not in (site.root / "log").read_text().partition("Failed to export")[0]


def test_without_an_endpoint_nothing_of_it_is_imported(site: Site) -> None:
    with site.served() as (client, _):
        assert client.get("/baskets/7/").text == "False"


def test_google_gets_them_with_the_services_own_account(
    tmp_path: Path, collector: Collector
) -> None:
    """By the variables of the target itself; only the addresses are those of this machine."""
    site = rendered(tmp_path / "site", "gunicorn", "gcp")
    key = subprocess.check_output(["openssl", "genrsa", "2048"], text=True, stderr=-3)
    account = {
        "type": "service_account",
        "client_email": "web@my-project.iam.gserviceaccount.com",
        "private_key": key,
        "token_uri": f"{collector.url}/token",
    }
    file = tmp_path / "account.json"
    file.write_text(json.dumps(account))
    environ = {
        **environment(site.deployment),
        "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url,
        "OTEL_RESOURCE_ATTRIBUTES": "gcp.project_id=my-project",  # as the module sets it
        "OTEL_BSP_SCHEDULE_DELAY": "200",
        "GOOGLE_APPLICATION_CREDENTIALS": str(file),
    }
    with site.served(**environ) as (client, _):
        assert client.get("/baskets/7/").status_code == 200
        assert collector.arrived.wait(30), (site.root / "log").read_text()
    assert set(collector.asked) == {"Bearer lent"}
    resource, _ = collector.spans(site.python)[0]
    assert resource["gcp.project_id"] == "my-project"


def decoded(value: str) -> str:
    return base64.b64decode(value).hex()
