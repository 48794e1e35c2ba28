"""Rules about mail."""

from __future__ import annotations

import pytest
from clean_site import found

CONSOLE = "django.core.mail.backends.console.EmailBackend"


def test_a_back_end_of_development_as_a_default_is_said_more_softly() -> None:
    written = f"EMAIL_BACKEND = env.str('EMAIL_BACKEND', default='{CONSOLE}')"
    (finding,) = found("MAI001", {"settings.py": written})
    assert finding.severity == "info"
    assert "wherever EMAIL_BACKEND is not set" in finding.message


def test_who_sends_nothing_needs_no_mail_server() -> None:
    assert not found("MAI002", {"settings.py": "# no EMAIL_HOST"})


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("EMAIL_PORT = 465", True),
        ("EMAIL_PORT = '465'", True),
        ("EMAIL_USE_TLS = False\nEMAIL_USE_SSL = True", True),
        ("EMAIL_PORT = 465\nEMAIL_USE_TLS = False\nEMAIL_USE_SSL = True", False),
        ("EMAIL_PORT = 2525", False),
    ],
)
def test_port_and_encryption(line: str, wrong: bool) -> None:
    assert bool(found("MAI007", {"settings.py": line})) is wrong


def test_the_address_that_django_takes_when_none_is_set() -> None:
    files = {
        "settings.py": "# no DEFAULT_FROM_EMAIL",
        "orders/views.py": "from django.core.mail import send_mail\n",
    }
    (finding,) = found("MAI006", files)
    assert "webmaster@localhost" in finding.message


def test_reports_to_an_example() -> None:
    handler = "LOGGING['handlers']['mail'] = {'class': 'django.utils.log.AdminEmailHandler'}"
    example = f"{handler}\nADMINS = [('You', 'you@example.com')]"
    assert found("MAI008", {"settings.py": example})
    # Django's own logger mails them too, unless LOGGING says otherwise.
    assert found("MAI008", {"settings.py": "ADMINS = [('You', 'you@example.com')]"})
    assert not found("MAI008", {"settings.py": "ADMINS = [('Ops', 'ops@shop.example.eu')]"})
