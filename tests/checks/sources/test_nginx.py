"""nginx's configuration, read by its directives."""

from __future__ import annotations

from nuages.checks.sources.nginx import NginxFile, nginx_file

TEXT = """\
upstream web { server web:8000; }
server {
    listen 443 ssl; # listen 80;
    location / {
        proxy_pass http://web;
        proxy_set_header  host  $http_host;
    }
}
"""


def read(text: str) -> NginxFile:
    found = nginx_file(text, "deploy/nginx.conf")
    assert found
    return found


def test_directives_with_their_lines() -> None:
    file = read(TEXT)
    (listen,) = file.each("listen")
    assert (listen.value, str(listen.location)) == ("443 ssl", "deploy/nginx.conf:3:5")
    host = file.header("Host")
    assert host
    assert host.value == "host  $http_host"
    assert [each.value for each in file.each("server")] == ["web:8000"]
    assert file.header("X-Forwarded-Proto") is None


def test_where_tls_ends() -> None:
    assert read(TEXT).ends_tls
    assert not read("server { listen 8080; }").ends_tls


def test_what_is_not_nginx() -> None:
    assert nginx_file("[program:web]\ncommand=gunicorn\n", "supervisord.conf") is None
    assert nginx_file("server { listen 80; }", "README.md") is None
