"""Rules about the security of the settings: other spellings, and what must stay silent."""

from __future__ import annotations

from clean_site import found
from security_site import messages


def test_a_middleware_of_ones_own_counts() -> None:
    own = (
        "MIDDLEWARE = [m.replace('django.middleware.csrf.CsrfViewMiddleware', 'shop.csrf.Own') "
        "for m in MIDDLEWARE]"
    )
    assert not messages("SEC027", own)


def test_each_middleware_is_named_once() -> None:
    security = "django.middleware.security.SecurityMiddleware"
    late = f"MIDDLEWARE.remove('{security}')\nMIDDLEWARE.append('{security}')"
    (finding,) = found("SEC029", {"settings.py": late})
    assert finding.severity == "warning"
