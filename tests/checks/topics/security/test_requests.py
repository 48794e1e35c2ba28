"""Rules about the security of the settings: other spellings, and what must stay silent."""

from __future__ import annotations

from clean_site import found


def test_a_webhook_may_be_exempt() -> None:
    view = (
        "from django.views.decorators.csrf import csrf_exempt\n\n\n@csrf_exempt\n"
        "def stripe_webhook(request):\n    return request.user\n"
    )
    assert not found("SEC041", {"orders/views.py": view})
    assert found("SEC041", {"orders/views.py": view.replace("stripe_webhook", "cancel")})


def test_an_authentication_that_checks_no_token() -> None:
    text = (
        "class Own(SessionAuthentication):\n    def enforce_csrf(self, request):\n        return\n"
    )
    assert found("SEC041", {"orders/api.py": text})
