"""What needs no engine: names, limits, heads, pages, shares, lines."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest

from fakes.google.runtime import container, logs
from fakes.google.runtime.certificates import kept_certificate
from fakes.google.runtime.docker import socket_path
from fakes.google.runtime.hosts import Name, hosts
from fakes.google.runtime.message import Head, Malformed, forwarded, returned
from fakes.google.runtime.output import frames, lines
from fakes.google.runtime.owner import owner
from fakes.google.runtime.pages import page
from fakes.google.runtime.probes import liveness_probe, startup_probe
from fakes.google.runtime.registry import split
from fakes.google.runtime.shares import Shares

SERVICE = Name.parse("projects/jazz-club/locations/europe-west1/services/web")
IMAGE = container.Image("web@sha256:1", ("python",), ("/app.py",))


def no_secret(name: str, version: str) -> bytes:
    raise AssertionError(name)


def body(**fields: object) -> container.Json:
    template = {"containers": [{"image": "web", **fields}]}
    return container.spec(template, IMAGE, {"PORT": "8080"}, no_secret, {}).body


def test_an_image_is_split_into_its_name_and_its_tag_or_digest() -> None:
    assert split("127.0.0.1:5000/p/r/web:v1") == ("127.0.0.1:5000/p/r/web", "v1")
    assert split("127.0.0.1:5000/p/r/web") == ("127.0.0.1:5000/p/r/web", "latest")
    assert split("h/web:v1@sha256:ab") == ("h/web", "sha256:ab")


def test_an_engine_on_another_machine_is_refused() -> None:
    with pytest.raises(Exception, match="tcp://build:2375"):
        socket_path({"DOCKER_HOST": "tcp://build:2375"})


@pytest.mark.parametrize(
    ("fields", "entrypoint", "arguments"),
    [
        ({}, ["python"], ["/app.py"]),
        ({"args": ["-V"]}, ["python"], ["-V"]),
        ({"command": ["sh"]}, ["sh"], []),
        ({"command": ["sh"], "args": ["-c", "true"]}, ["sh"], ["-c", "true"]),
    ],
)
def test_command_and_arguments_replace_those_of_the_image(
    fields: dict[str, object], entrypoint: list[str], arguments: list[str]
) -> None:
    made = body(**fields)
    assert (made["Entrypoint"], made["Cmd"]) == (entrypoint, arguments)


def test_limits_are_those_of_the_template_or_the_defaults() -> None:
    made = body(resources={"limits": {"memory": "1Gi", "cpu": "500m"}})["HostConfig"]
    assert (made["Memory"], made["MemorySwap"], made["NanoCpus"]) == (2**30, 2**30, 5 * 10**8)
    assert body()["HostConfig"]["Memory"] == 512 * 2**20


def test_the_image_s_own_health_check_is_not_looked_at() -> None:
    assert body()["Healthcheck"] == {"Test": ["NONE"]}


def test_secrets_are_read_by_name_and_version() -> None:
    reference = {"secretKeyRef": {"secret": "key", "version": "3"}}
    template = {
        "containers": [
            {
                "image": "web",
                "env": [{"name": "KEY", "valueSource": reference}],
                "volumeMounts": [{"name": "files", "mountPath": "/secrets"}],
            }
        ],
        "volumes": [
            {"name": "files", "secret": {"secret": "key", "items": [{"path": "a", "version": "4"}]}}
        ],
    }

    def secret(name: str, version: str) -> bytes:
        return f"{name}/{version}".encode()

    made = container.spec(template, IMAGE, {}, secret, {})
    assert made.body["Env"] == ["KEY=key/3"]
    assert made.files["/secrets/a"].content == b"key/4"


def test_sidecars_are_refused() -> None:
    with pytest.raises(container.Unsupported, match="sidecars"):
        container.main_container({"containers": [{}, {}]})


def test_the_default_probe_connects_for_four_minutes() -> None:
    probe = startup_probe({}, 8000)
    assert (probe.port, probe.path, probe.budget) == (8000, None, 240)
    assert liveness_probe({}, 8000) is None


def test_a_probe_has_the_fields_of_its_template() -> None:
    declared = {
        "httpGet": {"path": "/live", "httpHeaders": [{"name": "X-Probe", "value": "1"}]},
        "initialDelaySeconds": 3,
        "periodSeconds": 2,
        "failureThreshold": 30,
    }
    probe = startup_probe({"startupProbe": declared}, 8000)
    assert (probe.path, probe.headers, probe.timeout) == ("/live", (("X-Probe", "1"),), 1)
    assert probe.budget == 63


def test_a_service_has_a_predictable_host_and_one_with_a_hash() -> None:
    assert hosts(SERVICE, "98", "new") == (
        "new---web-98.europe-west1.run.app",
        "new---web-2b74662f68-eu.a.run.app",
    )


def test_the_predictable_host_is_missing_when_its_label_is_too_long() -> None:
    assert len(hosts(SERVICE, "98", "t" * 54)) == 2
    assert len(hosts(SERVICE, "98", "t" * 55)) == 1


def request(*headers: tuple[str, str]) -> dict[str, str]:
    head = Head("GET /a HTTP/1.1", headers)
    return dict(forwarded(head, "web.run.app", "10.1.1.1", "t").headers)


def test_an_instance_sees_https_its_own_host_and_every_address() -> None:
    seen = request(("Host", "127.0.0.1:1"), ("X-Forwarded-For", "6.6.6.6"), ("Accept", "*/*"))
    assert seen["Host"] == "web.run.app"
    assert seen["X-Forwarded-Proto"] == "https"
    assert seen["X-Forwarded-For"] == "6.6.6.6, 10.1.1.1"
    assert seen["Accept"] == "*/*"


def test_what_a_client_says_in_google_s_name_is_dropped() -> None:
    seen = request(("X-Forwarded-Proto", "http"), ("X-Google-Real-IP", "1"), ("TE", "trailers"))
    assert seen["X-Forwarded-Proto"] == "https"
    assert not {"X-Google-Real-IP", "TE"} & set(seen)


def test_an_upgrade_is_passed_on() -> None:
    assert request(("Connection", "Upgrade"), ("Upgrade", "websocket"))["Connection"] == "Upgrade"


def test_the_front_keeps_no_connection_open() -> None:
    answer = Head.parse(b"HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nA: b\r\n\r\n")
    assert returned(answer).headers == (("A", "b"), ("Connection", "close"))


@pytest.mark.parametrize(
    "raw", [b"\r\n\r\n", b"nonsense\r\n\r\n", b"GET / HTTP/1.1\r\nno colon\r\n\r\n"]
)
def test_what_is_no_head_is_refused(raw: bytes) -> None:
    with pytest.raises(Malformed):
        Head.parse(raw)


def test_a_page_names_the_path_harmlessly() -> None:
    refused = page(403, "/<script>").decode()
    assert refused.startswith("HTTP/1.1 403 Forbidden\r\n")
    assert "get URL <code>/&lt;script&gt;</code> from this server" in refused


def test_traffic_is_split_exactly() -> None:
    shares = Shares({"old": 90, "new": 10, "older": 0})
    drawn = [shares.next() for _ in range(100)]
    assert Counter(drawn) == {"old": 90, "new": 10}
    assert "new" in drawn[:10]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("plain", {"textPayload": "plain"}),
        ("{broken", {"textPayload": "{broken"}),
        ('{"severity": "ERROR", "message": "no"}', {"severity": "ERROR", "textPayload": "no"}),
        (
            '{"severity": "INFO", "message": "m", "user": 1}',
            {"severity": "INFO", "jsonPayload": {"message": "m", "user": 1}},
        ),
    ],
)
def test_a_structured_line_becomes_a_structured_entry(
    line: str, expected: dict[str, object]
) -> None:
    assert logs.payload(line) == expected


def test_a_process_is_told_from_a_later_one_of_its_number() -> None:
    assert owner(os.getpid()).endswith(Path("/proc/self/stat").read_text().split()[21])
    assert owner(2**22 + 1) == ""


def test_lines_come_whole_whatever_pieces_the_engine_sends() -> None:
    def frame(stream: int, text: bytes) -> bytes:
        return bytes([stream, 0, 0, 0]) + len(text).to_bytes(4, "big") + text

    sent = frame(1, b"t1 first\n") + frame(2, b"t2 second line\n")
    pieces = (sent[n : n + 5] for n in range(0, len(sent), 5))
    assert list(lines(frames(pieces))) == [
        ("stdout", "t1", "first"),
        ("stderr", "t2", "second line"),
    ]


def test_a_server_keeps_its_certificate(tmp_path: Path) -> None:
    made = kept_certificate(tmp_path / "certificates", "10.0.1.2")
    assert kept_certificate(tmp_path / "certificates", "10.0.1.2") == made
    assert kept_certificate(tmp_path / "certificates", "10.0.1.3") != made
