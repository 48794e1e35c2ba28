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
