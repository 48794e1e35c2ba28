"""Rules about the settings contract: other spellings, and what must stay silent."""

from __future__ import annotations

import pytest
from clean_site import found


@pytest.mark.parametrize(
    ("settings", "severities"),
    [
        ("ROOT_URLCONF = 'shop.routes'", ["error"]),
        ("WSGI_APPLICATION = 'shop.servers.wsgi.application'", ["warning"]),
        ("ASGI_APPLICATION = 'channels_presence.routing.application'", []),
        ("ROOT_URLCONF = env('URLS', default='shop.urls')", []),
    ],
)
def test_modules_that_the_settings_name(settings: str, severities: list[str]) -> None:
    assert [f.severity for f in found("CON021", {"settings.py": settings})] == severities
