"""Rules about the settings contract: other spellings, and what must stay silent."""

from __future__ import annotations

import pytest
from clean_site import found
from contract_site import READ, messages


@pytest.mark.parametrize(
    ("settings", "severity"),
    [
        ("CORS_ALLOWED_ORIGINS = os.environ.get('CORS', '').split(',')", "error"),
        ("CORS_ALLOWED_ORIGINS = [o.strip() for o in os.getenv('CORS', '').split(',')]", "error"),
        ("ALLOWED_HOSTS = os.environ.get('ALLOWED_HOSTS', '').split(',')", "warning"),
        ("CORS_ALLOWED_ORIGINS = 'https://a.example, https://b.example'.split(',')", "error"),
    ],
)
def test_a_list_with_an_empty_or_a_padded_text(settings: str, severity: str) -> None:
    (finding,) = found("CON004", {"settings.py": READ + settings})
    assert finding.severity == severity


@pytest.mark.parametrize(
    "settings",
    [
        "ORIGINS = os.environ.get('CORS', '').split()",
        "ORIGINS = [part for part in os.environ.get('CORS', '').split(',') if part]",
        "ALLOWED_HOSTS = os.environ.get('ALLOWED_HOSTS', 'shop.example.com').split(',')",
    ],
)
def test_a_list_without_empty_texts(settings: str) -> None:
    assert messages("CON004", settings) == []


def test_hosts_that_only_the_first_request_sees() -> None:
    settings = f"{READ}ALLOWED_HOSTS = map(str.strip, os.environ['HOSTS'].split(','))"
    (finding,) = found("CON005", {"settings.py": settings})
    assert finding.severity == "error"
    assert messages("CON005", "ALLOWED_HOSTS = tuple(map(str, os.environ['H'].split(',')))") == []


@pytest.mark.parametrize(
    ("settings", "count"),
    [
        ("MIDDLEWARE += [...]", 1),
        ("INSTALLED_APPS = [\n    *INSTALLED_APPS,\n    'silk'\n    'orders',\n]", 1),
        ("ALLOWED_HOSTS = (\n    'a.example'\n    'b.example',\n)", 1),
        ("WELCOME = [\n    'Hello '\n    'world',\n]", 0),
        ("INSTALLED_APPS = [\n    *INSTALLED_APPS,\n    'silk',\n]", 0),
    ],
)
def test_entries_that_are_not_what_they_look_like(settings: str, count: int) -> None:
    assert len(messages("CON017", settings)) == count
