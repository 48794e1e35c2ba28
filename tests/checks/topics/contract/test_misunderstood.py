"""Rules about the settings contract: other spellings, and what must stay silent."""

from __future__ import annotations

import pytest
from clean_site import found
from contract_site import READ, manifest


@pytest.mark.parametrize(
    ("code", "value", "count"),
    [
        ("USE_CDN = os.environ.get('USE_CDN', '') == 'True'", "true", 1),
        ("USE_CDN = os.environ.get('USE_CDN', '') in ('1', 'True')", "yes", 1),
        ("USE_CDN = os.environ.get('USE_CDN', '').lower() == 'true'", "True", 0),
        ("USE_CDN = os.environ.get('USE_CDN', '') == 'production'", "true", 0),
        ("CDN = os.environ.get('USE_CDN')", "'\"https://cdn.example\"'", 1),
    ],
)
def test_values_that_the_code_does_not_understand(code: str, value: str, count: int) -> None:
    files = {"settings.py": READ + code, "nuages.yaml": manifest(f"USE_CDN: {value}")}
    assert len(found("CON008", files)) == count
