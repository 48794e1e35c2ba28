"""Rules about the security of the settings: other spellings, and what must stay silent."""

from __future__ import annotations

from clean_site import found
from security_site import messages


def test_a_redirect_of_the_proxy_is_a_redirect() -> None:
    files = {
        "settings.py": "SECURE_SSL_REDIRECT = False",
        "nginx.conf": "server { listen 80; return 301 https://$host$request_uri; }",
    }
    assert not found("SEC015", files)


def test_a_stand_in_is_no_word_of_production() -> None:
    assert not messages("SEC015", "SECURE_SSL_REDIRECT = env.bool('REDIRECT')")
    assert messages("SEC015", "SECURE_SSL_REDIRECT = env.bool('REDIRECT', default=False)")


def test_every_path_is_exempt_from_the_redirect() -> None:
    exempt = "SECURE_SSL_REDIRECT = True\nSECURE_REDIRECT_EXEMPT = ['^health/', '{}']"
    assert len(messages("SEC015", exempt.format(""))) == 1
    assert messages("SEC015", exempt.format("^probes/")) == []
