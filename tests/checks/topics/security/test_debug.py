"""Rules about the security of the settings: other spellings, and what must stay silent."""

from __future__ import annotations

import pytest
from clean_site import found
from security_site import READ


def test_debug_that_is_on_unless_somebody_says_otherwise() -> None:
    (finding,) = found("SEC001", {"settings.py": "DEBUG = env.bool('APP_DEBUG', default=True)"})
    assert "APP_DEBUG" in finding.message
    assert finding.severity == "error"


def test_what_names_the_environment_is_a_lesser_risk() -> None:
    chosen = f"{READ}DEBUG = os.environ.get('DJANGO_ENV', 'development') != 'production'"
    (finding,) = found("SEC001", {"settings.py": chosen})
    assert finding.severity == "warning"


COMPOSE = "services:\n  web:\n    build: .\n    environment:\n      - DEBUG=true\n"


def test_debug_that_a_manifest_turns_on() -> None:
    files = {"nuages.yaml": "domain: shop.example.com\nenv_vars:\n  DEBUG: 'true'\n"}
    (finding,) = found("SEC001", files)
    assert finding.location.path == "nuages.yaml"
    image = "FROM python:3.13-slim\nENV DEBUG=1\nCOPY . .\nCMD gunicorn shop.wsgi\n"
    (finding,) = found("SEC001", {"Dockerfile": image})
    assert str(finding.location) == "Dockerfile:2"


@pytest.mark.parametrize(
    "added", ["    volumes: ['.:/app']\n", "    command: manage.py runserver\n"]
)
def test_debug_in_a_container_that_works_on_the_code(added: str) -> None:
    (finding,) = found("SEC001", {"compose.yaml": COMPOSE})
    assert finding.location.path == "compose.yaml"
    assert found("SEC001", {"compose.yaml": COMPOSE + added}) == []
