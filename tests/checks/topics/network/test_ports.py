"""Rules about the network."""

from __future__ import annotations

import pytest
from clean_site import found

COMPOSE = 'services:\n  store:\n    image: {image}\n    ports: ["{port}"]\n'


@pytest.mark.parametrize(
    ("image", "port", "is_open"),
    [
        ("postgres:17", "5432:5432", True),
        ("bitnami/redis:7", "0.0.0.0:6379:6379", True),
        ("redis:7", "${REDIS_PORT:-6379}:6379", True),
        ("postgres:17", "127.0.0.1:5432:5432", False),
        ("postgres:17", "5432", False),
        ("nginx:1.27", "80:80", False),
    ],
)
def test_ports_of_stores(image: str, port: str, is_open: bool) -> None:
    text = COMPOSE.format(image=image, port=port)
    assert bool(found("NET001", {"compose.yaml": text})) is is_open


@pytest.mark.parametrize(
    ("port", "is_open"),
    [
        ("{target: 5432, published: '5432'}", True),
        ("{target: 5432, published: 5432, host_ip: 0.0.0.0}", True),
        ("{target: 5432, published: 5432, host_ip: 127.0.0.1}", False),
        ("{target: 5432}", False),
    ],
)
def test_ports_in_the_long_form(port: str, is_open: bool) -> None:
    text = f"services:\n  store:\n    image: postgres:17\n    ports: [{port}]\n"
    assert bool(found("NET001", {"compose.yaml": text})) is is_open


@pytest.mark.parametrize(
    ("service", "severities"),
    [
        ("flower:\n    command: celery flower\n    ports: ['5555:5555']", ["warning"]),
        ("flower:\n    ports: ['127.0.0.1:5555:5555']", []),
        ("db-ui:\n    image: adminer:5\n    ports: ['8081:8080']", ["warning"]),
        ("flower: {}\n  traefik:\n    ports: ['0.0.0.0:5555:5555', '443:443']", ["info"]),
        (
            "web:\n    build: .\n    volumes: ['.:/app']\n"
            "  mail:\n    image: mailhog\n    ports: ['1:1']",
            [],
        ),
    ],
)
def test_tools_for_insiders(service: str, severities: list[str]) -> None:
    text = f"services:\n  {service}\n"
    assert [each.severity for each in found("NET002", {"compose.yaml": text})] == severities
