"""Rules about the security of the settings: other spellings, and what must stay silent."""

from __future__ import annotations

import pytest
from security_site import messages


@pytest.mark.parametrize(
    ("line", "count"),
    [
        ("DATABASES['default'].update(PASSWORD='hunter2', HOST='db.example.net')", 1),
        ("DATABASES['default'].update(PASSWORD='postgres', HOST='localhost')", 0),
        ("CELERY_BROKER_URL = 'amqp://shop:hunter2@mq.example.net:5672//'", 1),
        ("CELERY_BROKER_URL = 'amqp://guest:guest@localhost:5672//'", 0),
        ("AWS_SECRET_ACCESS_KEY = 'wJalrXUtnFEMIK7MDENGbPxRfiCYzzzzzzzzKEY1'", 1),
        ("ANYMAIL = {'MAILGUN_API_KEY': '0123456789abcdef'}", 1),
        ("EMAIL_HOST_PASSWORD = ''", 0),
        ("EMAIL_HOST_PASSWORD = '<your password>'", 0),
        ("LOCK_TOKEN = 'shop:rebuild'", 0),
        ("ACCOUNT_RATE_LIMITS = {'change_password': '5/m/user1'}", 0),
        ("PASSWORD_RESET_TOKEN = 'accounts.tokens.Generator2'", 0),
        ("AWS_SECRET_ACCESS_KEY = env.str('AWS_SECRET_ACCESS_KEY')", 0),
    ],
)
def test_secrets_in_settings(line: str, count: int) -> None:
    assert len(messages("SEC036", line)) == count


def test_a_database_password_beside_a_host_that_the_environment_names() -> None:
    parts = "'ENGINE': 'django.db.backends.postgresql', 'PASSWORD': 'Tr0ub4dor&3', 'HOST': {}"
    for host, count in (("env('DB_HOST')", 1), ("'localhost'", 0)):
        settings = f"DATABASES = {{'default': {{{parts.format(host)}}}}}"
        assert len(messages("SEC036", settings)) == count
