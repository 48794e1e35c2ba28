from __future__ import annotations

import re
from typing import Any

import handmade

from nuages.artifacts.layout import Layout
from nuages.artifacts.nginx import nginx


def text(tls: bool = False, **changes: Any) -> str:
    return nginx(handmade.deployment(**changes), Layout(private=True, tls=tls)).text


def servers(found: str) -> list[str]:
    return re.split(r"(?m)^    server \{", found)[1:]


def test_an_unknown_host_gets_probes_and_nothing_else() -> None:
    default, _ = servers(text())
    assert "default_server" in default
    assert set(re.findall(r"location (?:= )?(\S+) \{", default)) == {
        "/health/live",
        "/health/",
        "/",
    }
    assert "return 400;" in default


def test_known_hosts_are_those_of_the_deployment() -> None:
    _, site = servers(text(domain="example.org", aliases=("www.example.org",)))
    names = re.search(r"server_name ([^;]+);", site)
    assert names
    assert names[1].split() == ["example.org", "www.example.org", "localhost", "127.0.0.1", "[::1]"]


def test_csrf_keeps_the_port_and_the_scheme() -> None:
    found = text()
    assert "proxy_set_header Host $http_host;" in found
    assert "proxy_set_header X-Forwarded-Proto $forwarded_proto;" in found


def test_uploads_are_as_large_as_the_server_takes() -> None:
    assert "client_max_body_size 75m;" in text()
    server = handmade.server(max_upload=1_500_000)
    assert "client_max_body_size 2m;" in text(server=server)


def test_it_waits_longer_than_the_server() -> None:
    assert "proxy_read_timeout 130s;" in text(server=handmade.server(timeout=120))


def test_what_visitors_uploaded_never_runs() -> None:
    media = text(media_url="/uploads/").partition("location /uploads/ {")[2].partition("}")[0]
    assert "X-Content-Type-Options nosniff" in media
    assert "default-src 'none'" in media


def test_static_files_elsewhere_are_not_served() -> None:
    assert "location /static/" in text()
    assert "try_files" not in text(static_url="https://cdn.example.org/static/")


def test_websockets_are_upgraded_only_for_asgi() -> None:
    assert "$http_upgrade" in text(server=handmade.server(kind="uvicorn", asgi=True))
    assert "$http_upgrade" not in text()


def test_tls() -> None:
    assert text(tls=True).count("listen 8080 ssl") == 2
    assert "ssl" not in text()
