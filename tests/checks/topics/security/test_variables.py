"""Rules about the security of the settings: other spellings, and what must stay silent."""

from __future__ import annotations

import pytest
from clean_site import found


@pytest.mark.parametrize(
    ("given", "count"),
    [
        ("OAUTHLIB_INSECURE_TRANSPORT: '1'", 1),
        ("NODE_TLS_REJECT_UNAUTHORIZED: '0'", 1),
        ("DJANGO_ALLOW_ASYNC_UNSAFE: ''", 0),
    ],
)
def test_variables_that_switch_a_protection_off(given: str, count: int) -> None:
    files = {"nuages.yaml": f"domain: shop.example.com\nenv_vars:\n  {given}\n"}
    assert len(found("SEC043", files)) == count
