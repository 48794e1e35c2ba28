"""Rules about the network."""

from __future__ import annotations

import pytest
from clean_site import found

SERVER = "server {{\n  listen {};\n  location / {{\n    proxy_pass {};\n    {}\n  }}\n}}\n"


PROTO = "proxy_set_header X-Forwarded-Proto $scheme;"


@pytest.mark.parametrize(
    ("listen", "target", "headers", "rules"),
    [
        ("443 ssl", "http://web:8000", f"proxy_set_header Host $http_host; {PROTO}", set()),
        ("443 ssl", "http://web:8000", PROTO, {"NET017"}),
        ("443 ssl", "http://127.0.0.1:8000", PROTO, {"NET017"}),
        ("443 ssl", "http://web", "include proxy_params;", set()),
        ("443 ssl", "https://storage.example.com", "", set()),
        ("443 ssl", "http://web", "proxy_set_header Host $http_host;", {"NET018"}),
        ("8080", "http://web", f"proxy_set_header Host $host; {PROTO}", {"NET017"}),
        ("8080", "http://web", f"proxy_set_header Host $host:8080; {PROTO}", set()),
    ],
)
def test_headers_of_nginx(listen: str, target: str, headers: str, rules: set[str]) -> None:
    text = SERVER.format(listen, target, headers)
    files = {"nginx.conf": text, "compose.yaml": None}
    assert {rule for rule in ("NET017", "NET018") if found(rule, files)} == rules


def test_what_nginx_says_of_the_scheme() -> None:
    host = "proxy_set_header Host $http_host;"
    for value, severities in (("http", ["error"]), ("$http_x_forwarded_proto", ["warning"])):
        headers = f"{host} proxy_set_header X-Forwarded-Proto {value};"
        tls = SERVER.format("443 ssl", "http://web", headers)
        assert [f.severity for f in found("NET018", {"nginx.conf": tls})] == severities
        plain = SERVER.format("80", "http://web", headers)
        assert found("NET018", {"nginx.conf": plain}) == []


TLS = "server {{\n  listen 443 ssl{};\n  server_name {};\n  location / {{\n    {}\n  }}\n}}\n"


PASSES = "proxy_pass http://web; include proxy_params;"


@pytest.mark.parametrize(
    ("text", "open_to_any"),
    [
        (TLS.format("", "shop.example.com", PASSES), True),
        (TLS.format(" default_server", "shop.example.com", PASSES), True),
        (TLS.format("", "_", PASSES), False),
        (TLS.format("", "shop.example.com", "return 301 https://www.example.com;"), False),
        (
            TLS.format("", "shop.example.com", PASSES)
            + TLS.format(" default_server", "_", "return 444;"),
            False,
        ),
    ],
)
def test_hosts_that_nobody_asked_for(text: str, open_to_any: bool) -> None:
    assert bool(found("NET020", {"nginx.conf": text})) is open_to_any
