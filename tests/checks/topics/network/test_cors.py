"""Rules about the network."""

from __future__ import annotations

import pytest
from clean_site import found


@pytest.mark.parametrize(
    ("settings", "rules"),
    [
        ("CORS_ALLOW_ALL_ORIGINS = True", {"NET006"}),
        ("CORS_ORIGIN_ALLOW_ALL = True", {"NET006"}),
        ("CORS_ALLOWED_ORIGIN_REGEXES = [r'^https://.*$']", {"NET006"}),
        ("CORS_ALLOWED_ORIGIN_REGEXES = ['.*']", {"NET006"}),
        ("CORS_ALLOW_ALL_ORIGINS = True\nCORS_ALLOW_CREDENTIALS = False", {"NET005"}),
        ("CORS_ALLOW_ALL_ORIGINS = False", set()),
        (
            "CORS_ALLOW_ALL_ORIGINS = True\nCORS_ALLOW_CREDENTIALS = False\n"
            "CORS_ALLOW_METHODS = ['GET', 'OPTIONS']",
            set(),
        ),
        (
            "CORS_ALLOW_ALL_ORIGINS = True\nCORS_ALLOW_CREDENTIALS = False\n"
            "CORS_URLS_REGEX = r'^/public/.*$'",
            set(),
        ),
    ],
)
def test_open_cors(settings: str, rules: set[str]) -> None:
    files = {"settings.py": settings}
    assert {rule for rule in ("NET005", "NET006") if found(rule, files, base="split")} == rules


@pytest.mark.parametrize(
    ("origin", "wrong"),
    [
        ("app.example.org", True),
        ("https://app.example.org/", True),
        ("https://app.example.org:8443", False),
        ("null", False),
    ],
)
def test_cors_origins(origin: str, wrong: bool) -> None:
    settings = {"settings.py": f"CORS_ALLOWED_ORIGINS = ('{origin}',)"}
    assert bool(found("NET008", settings, base="split")) is wrong


@pytest.mark.parametrize(
    ("pattern", "loose"),
    [
        (r"^https://\w+\.example\.com$", False),
        (r"^https://\w+\.example\.com", True),
        (r"^https://\w+.example.com$", True),
    ],
)
def test_patterns_of_cors(pattern: str, loose: bool) -> None:
    settings = {"settings.py": f"CORS_ALLOWED_ORIGIN_REGEXES = [r'{pattern}']"}
    assert bool(found("NET009", settings, base="split")) is loose


CORS = "corsheaders.middleware.CorsMiddleware"


@pytest.mark.parametrize(
    ("change", "severities"),
    [
        (f"MIDDLEWARE.remove('{CORS}')", ["warning"]),
        (f"MIDDLEWARE.remove('{CORS}')\nMIDDLEWARE.insert(2, '{CORS}')", ["info"]),
        (f"MIDDLEWARE.remove('{CORS}')\nMIDDLEWARE.insert(4, '{CORS}')", ["warning"]),
        (f"MIDDLEWARE.remove('{CORS}')\nMIDDLEWARE.insert(0, '{CORS}')", []),
    ],
)
def test_order_of_cors(change: str, severities: list[str]) -> None:
    findings = found("NET007", {"settings.py": change}, base="split")
    assert [each.severity for each in findings] == severities
