"""The development stack holds all that the project demands before its first page."""

from __future__ import annotations

from dataclasses import replace

import pytest
from handmade import deployment, image

from nuages.artifacts.container import development_artifacts
from nuages.local.env_file import parse
from nuages.model import EnvironmentVariable


def written(settings: str | None) -> dict[str, str]:
    names = ("ADMIN_PATH", "DATABASE_URL", "DJANGO_SECURE_SSL_REDIRECT")
    read = tuple(EnvironmentVariable(name, True, None, False, "settings.py:1") for name in names)
    values = {"ADMIN_PATH": "admin/", "DATABASE_URL": "postgres://build", "DJANGO_SECRET_KEY": "p"}
    found = deployment(image=image(build_environment=values), contract=read)
    found = replace(found, wiring={"DATABASE_URL": "database.url"})
    return {artifact.path: artifact.text for artifact in development_artifacts(found, settings)}


@pytest.fixture
def texts() -> dict[str, str]:
    return written(None)


def test_demanded_variables_have_a_value(texts: dict[str, str]) -> None:
    values = parse(texts[".env-local.example"], ".env-local.example")
    assert values["ADMIN_PATH"] == "admin/"
    assert values["DJANGO_SECURE_SSL_REDIRECT"] == "False"
    assert values["DATABASE_URL"].endswith("@database:5432/mysite")
    assert values["DJANGO_SECRET_KEY"] == "development"


def test_it_runs_the_project_s_own_settings_out_of_the_source(texts: dict[str, str]) -> None:
    compose = texts["compose.dev.yaml"]
    assert "DJANGO_SETTINGS_MODULE: mysite.settings" in compose
    assert ".:/app" in compose
    for service in ("web", "migrate", "shell"):
        assert f"\n  {service}:\n    <<: *source\n" in compose


def test_settings_of_its_own_for_development_need_no_steering() -> None:
    """They say by themselves what is on; a URL of the containers would break them outside."""
    found = written("mysite.settings.local")
    assert "DJANGO_SETTINGS_MODULE: mysite.settings.local" in found["compose.dev.yaml"]
    values = parse(found[".env-local.example"], ".env-local.example")
    assert sorted(values) == ["ADMIN_PATH", "DATABASE_PASSWORD", "DJANGO_SECRET_KEY"]


def test_uploads_belong_to_whoever_develops(texts: dict[str, str]) -> None:
    """A volume made by the image's user could not be written by another."""
    assert 'volumes: !override [".:/app"]' in texts["compose.dev.yaml"]
