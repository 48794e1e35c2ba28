"""What the project's own nginx tells Django, and what it refuses."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nuages.checks.finding import Fault, Severity
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.sources.nginx import NginxFile
from nuages.checks.topics.network.known import nginx_files
from nuages.text import Location

_PROXY = "https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_set_header"
_LOCATION = (
    "server {{\n  listen 443 ssl;\n  location / {{\n    proxy_pass http://web:8000;\n{}  }}\n}}\n"
)
_NAMED = """\
server {
  listen 443 ssl;
  server_name shop.example.com;
  location / {
    proxy_pass http://web:8000;
    proxy_set_header Host $http_host;
    proxy_set_header X-Forwarded-Proto $scheme;
  }
}
"""
_REFUSING = "server {\n  listen 443 ssl default_server;\n  return 444;\n}\n"
_HOST = "    proxy_set_header Host $http_host;\n"
_PROTO = "    proxy_set_header X-Forwarded-Proto $scheme;\n"
_BODY = f"{_HOST}{_PROTO}    client_max_body_size {{}};\n"
_PHOTO = (
    "from django.db import models\n\n\nclass Photo(models.Model):\n    i = models.ImageField()\n"
)
_USUAL_PORTS = {"80", "443"}


def _proxied(production: Production) -> Iterator[tuple[NginxFile, Location]]:
    """The files that hand requests on over HTTP, and where they do."""
    for file in nginx_files(production):
        passes = [p for p in file.each("proxy_pass") if not _foreign(p.value)]
        if passes:
            yield file, passes[0].location


def _foreign(target: str) -> bool:
    """A bucket or another site, by its domain."""
    return (
        bool(re.match(r"https?://[\w-]+(?:\.[\w-]+)+\.?[a-z]{2,}", target)) and "://1" not in target
    )


@rule(
    "NET017",
    severity="error",
    title="nginx does not pass the host on",
    why="Without `proxy_set_header Host` nginx sends the name in proxy_pass. Django finds that in "
    "no ALLOWED_HOSTS, and where it does, its links and the CSRF check use the wrong name.",
    symptom="Bad Request (400): Invalid HTTP_HOST header: 'web:8000'; CSRF 403.",
    fix="Write `proxy_set_header Host $http_host;`.",
    url=_PROXY,
    mistake={"nginx.conf": _LOCATION.format(_PROTO)},
    fixed={"nginx.conf": _LOCATION.format(_HOST + _PROTO)},
)
def no_host(production: Production) -> Faults:
    for file, where in _proxied(production):
        host = file.header("Host")
        forwarded = file.header("X-Forwarded-Host") and _reads_forwarded(production)
        if host is None and not file.includes_headers and not forwarded:
            yield Fault("nginx sends the name in proxy_pass as the host", where)
        elif host and host.value.endswith("$proxy_host"):
            yield Fault("$proxy_host is the name in proxy_pass", host.location)
        elif host and re.search(r"\$host$", host.value):
            port = _odd_port(production, file)
            message = (
                f"$host leaves the port {port} out, and forms are refused"
                if port
                else "$host leaves the port out: forms are refused on any other than 80 and 443"
            )
            yield Fault(message, host.location, severity="warning" if port else "info")


def _reads_forwarded(production: Production) -> bool:
    return production.settings.get("USE_X_FORWARDED_HOST") is not False and (
        "USE_X_FORWARDED_HOST" in production.settings
    )


def _odd_port(production: Production, file: NginxFile) -> str:
    """The port that visitors type, where it is not the usual one of http or https."""
    published = []
    for compose in production.compose_files:
        for service in compose.services:
            if "nginx" in f"{service.name} {service.image}":
                published += [
                    text.split(":")[-2] for text, _ in service.texts("ports") if ":" in text
                ]
    if not published:
        listens = [re.match(r"(?:\S*:)?(\d+)\b", each.value) for each in file.each("listen")]
        published = [each[1] for each in listens if each] if not production.compose_files else []
    odd = [port for port in published if port.isdigit() and port not in _USUAL_PORTS]
    return odd[0] if odd and len(odd) == len(published) else ""


@rule(
    "NET018",
    severity="warning",
    title="nginx does not say that the visitor came by https",
    why="Django learns the scheme from X-Forwarded-Proto alone. Where nginx does not write it, "
    "either it is missing, and each page redirects to itself, or it is the visitor's own.",
    symptom="ERR_TOO_MANY_REDIRECTS; CSRF 403 for each form.",
    fix="Write `proxy_set_header X-Forwarded-Proto $scheme;` (`$http_x_forwarded_proto` behind "
    "another proxy that sets it).",
    url=_PROXY,
    mistake={"nginx.conf": _LOCATION.format(_HOST)},
    fixed={"nginx.conf": _LOCATION.format(_HOST + _PROTO)},
)
def no_scheme(production: Production) -> Faults:
    believes = production.settings.get("SECURE_PROXY_SSL_HEADER") is not None
    for file, where in _proxied(production):
        header = file.header("X-Forwarded-Proto") or file.header("X-Forwarded-Scheme")
        if header is None and not file.includes_headers:
            level: Severity = "error" if believes else "warning"
            level = level if file.ends_tls else "info"
            yield Fault("nginx sends no X-Forwarded-Proto", where, severity=level)
        elif header and file.ends_tls and re.search(r"\shttp$", header.value):
            yield Fault("nginx says http, whatever it was", header.location, severity="error")
        elif header and file.ends_tls and "$http_x_forwarded_proto" in header.value:
            message = "nginx ends TLS, and passes on what the visitor says of it"
            yield Fault(message, header.location)


@rule(
    "NET019",
    severity="warning",
    title="nginx refuses uploads over 1 MB",
    why="client_max_body_size is 1 MB unless it is set. The site takes files, and a photo of a "
    "telephone is larger: nginx refuses it before Django sees it.",
    symptom="413 Request Entity Too Large; client intended to send too large body.",
    fix="Write `client_max_body_size 10m;`, as large as the largest upload.",
    url="https://nginx.org/en/docs/http/ngx_http_core_module.html#client_max_body_size",
    mistake={"nginx.conf": _LOCATION.format(_HOST + _PROTO), "orders/models.py": _PHOTO},
    fixed={"nginx.conf": _LOCATION.format(_BODY.format("10m")), "orders/models.py": _PHOTO},
)
def small_bodies(production: Production) -> Faults:
    if not production.project.media_fields:
        return
    said = any(file.each("client_max_body_size") for file in nginx_files(production))
    for file, where in () if said else _proxied(production):
        field = production.project.media_fields[0]
        message = f"{field.note} ({field.location}), and {file.path} has no client_max_body_size"
        yield Fault(message, where)


@rule(
    "NET020",
    severity="info",
    title="nginx hands on what is meant for nobody",
    why="A request whose Host no `server_name` matches goes to the first server of the port. "
    "Scanners knock by address and by made-up names: each of them costs a worker, an error in "
    "the log and perhaps a mail to the ADMINS.",
    symptom="Invalid HTTP_HOST header: '198.51.100.7'. You may need to add it to ALLOWED_HOSTS, "
    "hundreds of times a day.",
    fix="Add a server with `listen 443 ssl default_server;` and `return 444;`.",
    url="https://nginx.org/en/docs/http/request_processing.html#how_to_prevent_undefined_server_names",
    mistake={"nginx.conf": _NAMED},
    fixed={"nginx.conf": f"{_NAMED}{_REFUSING}"},
)
def any_host(production: Production) -> Faults:
    files = nginx_files(production)
    refused = {port for file in files for server in file.servers for port in server.refuses}
    for file in files:
        for server in file.servers:
            open_ports = server.tls_ports - refused
            names = [each.value for each in server.each("server_name")]
            if open_ports and names and "_" not in names and server.each("proxy_pass"):
                message = f"Any host at port {min(open_ports)} is answered by {names[0]}"
                yield Fault(message, server.each("server_name")[0].location)
                return
