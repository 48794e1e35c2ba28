"""Rules about the settings contract: other spellings, and what must stay silent."""

from __future__ import annotations

import pytest
from clean_site import found
from contract_site import MANAGE

COMPOSE = """\
services:
  migrate:
    build: .
    command: python manage.py migrate --noinput
    environment:
      DATABASE_URL: postgres://shop@database/shop
"""


@pytest.mark.parametrize(
    ("old", "new", "count"),
    [
        ("", "", 1),
        ("migrate --noinput", "migrate --settings=config.settings.production", 0),
        (
            "environment:",
            "environment:\n      DJANGO_SETTINGS_MODULE: config.settings.production",
            0,
        ),
        ("environment:", "env_file: .env\n    environment:", 0),
        ("manage.py migrate", "manage.py shell", 0),
    ],
)
def test_a_migration_with_the_settings_of_development(old: str, new: str, count: int) -> None:
    image = {"compose/production/django/Dockerfile": "FROM python:3.13\nRUN pip install django\n"}
    compose = {"docker-compose.production.yml": COMPOSE.replace(old, new, 1)}
    assert len(found("CON020", {"manage.py": MANAGE, **image, **compose}, base="split")) == count
