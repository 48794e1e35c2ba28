"""Rules about the security of the settings: other spellings, and what must stay silent."""

from __future__ import annotations

from security_site import messages

SESSION = "django.contrib.sessions.middleware.SessionMiddleware"


def test_cookies_that_are_not_set() -> None:
    no_sessions = f"MIDDLEWARE.remove('{SESSION}')\nSESSION_COOKIE_SECURE = False"
    assert not messages("SEC018", no_sessions)
    assert not messages("SEC019", "CSRF_USE_SESSIONS = True\nCSRF_COOKIE_SECURE = False")
