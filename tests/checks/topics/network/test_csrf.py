"""Rules about the network."""

from __future__ import annotations

import pytest
from clean_site import found
from network_site import YAML

OLDER = {"requirements.txt": "django==3.2.25\npsycopg2==2.9.10\nwhitenoise==5.3\n"}


@pytest.mark.parametrize(
    ("origin", "wrong"),
    [
        ("https://shop.example.com", False),
        ("https://*.example.com", False),
        ("http://localhost:8000", False),
        ("shop.example.com", True),
        ("https://shop.example.com/", True),
        ("https://shop.example.com/admin", True),
        ("https://*", True),
        ("", True),
    ],
)
def test_trusted_origins(origin: str, wrong: bool) -> None:
    settings = {"settings.py": f"CSRF_TRUSTED_ORIGINS = ['{origin}']"}
    assert bool(found("NET003", settings)) is wrong
    # Until Django 4.0 it was a host, without its scheme.
    assert bool(found("NET003", {**settings, **OLDER})) is ("://" in origin)


def test_a_trusted_origin_of_nuages_yaml_is_found_there() -> None:
    text = (
        "domain: shop.example.com\nenv_vars:\n  AWS_STORAGE_BUCKET_NAME: uploads\n"
        "  CSRF_TRUSTED_ORIGINS: shop.example.com\n"
    )
    (finding,) = found("NET003", {"nuages.yaml": text})
    assert str(finding.location).startswith("nuages.yaml:4")


@pytest.mark.parametrize(
    ("origin", "severity"),
    [
        ("https://*.run.app", "warning"),
        ("https://*.eu-west-1.amazonaws.com", "warning"),
        ("https://*.com", "warning"),
        ("https://shop.onrender.com", None),
        ("https://*.shop.example.com", None),
        ("http://shop.example.com", "info"),
    ],
)
def test_origins_of_strangers(origin: str, severity: str | None) -> None:
    findings = found("NET004", {"settings.py": f"CSRF_TRUSTED_ORIGINS = ['{origin}']"})
    assert [each.severity for each in findings] == ([severity] if severity else [])


@pytest.mark.parametrize(
    ("origins", "wrong"),
    [
        ("https://staging.example.com", True),
        ("https://staging.example.com,https://shop.example.com", False),
        ("https://*.example.com", False),
        ("https://app.example.com", False),
        ("https://staging.example.net", False),
    ],
)
def test_origins_of_another_environment(origins: str, wrong: bool) -> None:
    text = f"{YAML}  AWS_STORAGE_BUCKET_NAME: uploads\n  CSRF_TRUSTED_ORIGINS: '{origins}'\n"
    assert bool(found("NET021", {"nuages.yaml": text})) is wrong
