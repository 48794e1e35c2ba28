"""Rules about the network."""

from __future__ import annotations

import pytest
from clean_site import found
from network_site import YAML

HEADER = "SECURE_PROXY_SSL_HEADER"


@pytest.mark.parametrize(
    ("files", "severities"),
    [
        ({"settings.py": f"# no {HEADER}"}, ["error"]),
        ({"settings.py": f"# no {HEADER}\nSECURE_SSL_REDIRECT = False"}, ["warning"]),
        ({"settings.py": f"{HEADER} = None"}, ["error"]),
        (
            {
                "settings.py": f"# no {HEADER}",
                "Procfile": "web: gunicorn shop.wsgi --forwarded-allow-ips='*'",
            },
            ["info"],
        ),
        (
            {
                "settings.py": f"# no {HEADER}\nimport os\nif os.environ.get('BEHIND'):\n"
                f"    {HEADER} = ('HTTP_X_FORWARDED_PROTO', 'https')"
            },
            [],
        ),
    ],
)
def test_https_that_django_does_not_see(files: dict[str, str], severities: list[str]) -> None:
    assert [each.severity for each in found("NET010", files)] == severities


@pytest.mark.parametrize(
    ("value", "wrong"),
    [
        ("('HTTP_X_FORWARDED_PROTO', 'https')", False),
        ("['HTTP_X_FORWARDED_PROTO', 'https']", False),
        ("('HTTP_X_FORWARDED_SSL', 'on')", False),
        ("('HTTP_X_FORWARDED_PROTO', 'on')", True),
        ("('HTTP-X-FORWARDED-PROTO', 'https')", True),
        ("('X_FORWARDED_PROTO', 'https')", True),
        ("'HTTP_X_FORWARDED_PROTO'", True),
    ],
)
def test_headers_that_never_match(value: str, wrong: bool) -> None:
    assert bool(found("NET011", {"settings.py": f"{HEADER} = {value}"})) is wrong


def test_an_open_port_beside_the_proxy() -> None:
    text = "services:\n  web:\n    build: .\n    ports: ['{}']\n"
    assert found("NET012", {"compose.yaml": text.format("0.0.0.0:8000:8000")})
    assert found("NET012", {"compose.yaml": text.format("8000")}) == []
    closed = {"settings.py": f"# no {HEADER}", "compose.yaml": text.format("8000:8000")}
    assert found("NET012", closed) == []


def test_forwarded_hosts() -> None:
    forwarded = "USE_X_FORWARDED_HOST = True\n"
    (finding,) = found("NET013", {"settings.py": f"{forwarded}ALLOWED_HOSTS = ['*']"})
    assert finding.severity == "error"
    nginx = "server {\n  location / {\n    proxy_pass http://web;\n"
    nginx += "    proxy_set_header X-Forwarded-Host $http_host;\n  }\n}\n"
    assert found("NET013", {"settings.py": forwarded, "nginx.conf": nginx}) == []


@pytest.mark.parametrize(
    ("hosts", "missing"),
    [
        ("shop.example.com,example.com", 0),
        (".example.com", 0),
        ("shop.example.com", 1),
        ("other.example.net", 2),
    ],
)
def test_the_domain_is_allowed(hosts: str, missing: int) -> None:
    text = f"{YAML}  AWS_STORAGE_BUCKET_NAME: uploads\n  ALLOWED_HOSTS: '{hosts}'\n"
    findings = found("NET014", {"nuages.yaml": text})
    assert len(findings) == missing
    assert all(str(each.location).startswith("nuages.yaml:5") for each in findings)


AXES = "INSTALLED_APPS += ['axes']\n"


def test_axes_that_locks_by_name() -> None:
    assert found("NET016", {"settings.py": AXES})
    by_name = f"{AXES}AXES_LOCKOUT_PARAMETERS = ['username']"
    assert found("NET016", {"settings.py": by_name}) == []


def test_an_import_alone_validates_no_origin() -> None:
    text = (
        "from channels.auth import AuthMiddlewareStack\n"
        "from channels.routing import ProtocolTypeRouter, URLRouter\n"
        "from channels.security.websocket import AllowedHostsOriginValidator\n"
        "application = ProtocolTypeRouter({\n"
        "    'websocket': AuthMiddlewareStack(URLRouter([])),\n})\n"
    )
    (finding,) = found("NET015", {"shop/asgi.py": text})
    assert finding.location.line == 5
