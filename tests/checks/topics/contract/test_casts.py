"""Rules about the settings contract: other spellings, and what must stay silent."""

from __future__ import annotations

import pytest
from clean_site import found
from contract_site import READ, messages


@pytest.mark.parametrize(
    ("settings", "severity"),
    [
        ("SESSION_COOKIE_AGE = os.environ.get('AGE', '60')", "error"),
        ("SESSION_COOKIE_AGE = os.environ.get('AGE', 60)", "warning"),
        ("CSRF_TRUSTED_ORIGINS = os.environ['ORIGINS']", "error"),
        ("SITE_ID = os.getenv('SITE_ID', 1)", "warning"),
    ],
)
def test_a_text_where_a_number_or_a_list_belongs(settings: str, severity: str) -> None:
    (finding,) = found("CON003", {"settings.py": READ + settings})
    assert finding.severity == severity


def test_a_number_that_is_cast() -> None:
    assert messages("CON003", "SESSION_COOKIE_AGE = int(os.environ.get('AGE', '60'))") == []
