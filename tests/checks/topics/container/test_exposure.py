"""Rules about the image."""

from __future__ import annotations

import pytest
from clean_site import found
from container_site import compose


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("POSTGRES_PASSWORD: postgres", True),
        ("DATABASE_URL: postgres://shop:shop@db/shop", True),
        ("SECRET_KEY: ${SECRET_KEY:-insecure}", True),
        ("POSTGRES_PASSWORD: ${POSTGRES_PASSWORD}", False),
        ("POSTGRES_PASSWORD: ${POSTGRES_PASSWORD:?}", False),
        ("POSTGRES_PASSWORD_FILE: /run/secrets/x", False),
        ("MYSQL_RANDOM_ROOT_PASSWORD: 'yes'", False),
        ("DATABASE_URL: postgres://shop:${PASSWORD}@db/shop", False),
    ],
)
def test_passwords_in_compose(entry: str, said: bool) -> None:
    assert bool(found("IMG038", compose("    environment:", f"      {entry}"))) is said


def test_a_compose_file_for_development_is_left_alone() -> None:
    lines = ["    environment: {DJANGO_DEBUG: 'True', SECRET_KEY: x}", "    volumes: ['.:/app']"]
    assert found("IMG", compose(*lines)) == []


def test_the_hosts_code_in_a_file_that_serves() -> None:
    assert len(found("IMG040", compose("    volumes: ['.:/app']"))) == 1
    assert found("IMG040", compose("    volumes: ['./nginx.conf:/etc/nginx.conf']")) == []


def test_variables_that_tell_to_develop() -> None:
    settings = {"settings.py": "DEBUG = env.bool('SHOP_DEBUG', default=False)"}
    line = "    environment: {SHOP_DEBUG: 'true'}"
    assert len(found("IMG050", {**settings, **compose(line)})) == 1
    assert found("IMG050", compose(line)) == []
    module = "    environment: {DJANGO_SETTINGS_MODULE: shop.settings.local}"
    assert len(found("IMG050", compose(module))) == 1
