"""Rules about the security of the settings: other spellings, and what must stay silent."""

from __future__ import annotations

import pytest
from clean_site import found


@pytest.mark.parametrize(
    ("line", "severity"),
    [
        ("SESSION_COOKIE_SAMESITE = 'none'\nSESSION_COOKIE_SECURE = False", "error"),
        ("SESSION_COOKIE_SAMESITE = 'none'", "warning"),
        ("CSRF_COOKIE_SAMESITE = False", "warning"),
        ("SESSION_COOKIE_SAMESITE = 'Laxx'", "error"),
        ("SESSION_COOKIE_SAMESITE = 'lax'", None),
    ],
)
def test_same_site(line: str, severity: str | None) -> None:
    severities = [f.severity for f in found("SEC021", {"settings.py": line})]
    assert severities == ([severity] if severity else [])
