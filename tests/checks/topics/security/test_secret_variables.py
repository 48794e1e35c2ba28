"""Rules about the security of the settings: other spellings, and what must stay silent."""

from __future__ import annotations

import pytest
from clean_site import found
from security_site import READ, messages


def test_a_name_that_is_no_secret_may_stand_in_the_manifest() -> None:
    yaml = "domain: shop.example.com\nenv_vars:\n  {}\n"
    for line, count in {
        "STRIPE_PUBLISHABLE_KEY: pk_live_1": 0,
        "SESSION_TOKEN: '3600'": 0,
        "BROKER: amqp://shop:k3f9@mq.example.net": 1,
        "API_TOKEN: k3f9": 1,
    }.items():
        assert len(found("SEC010", {"nuages.yaml": yaml.format(line)})) == count, line


@pytest.mark.parametrize(
    ("default", "count"),
    [("'changeme'", 1), ("''", 0), ("None", 0), ("'NOTSET'", 0), ("'<secret>'", 0)],
)
def test_defaults_of_secrets(default: str, count: int) -> None:
    line = f"{READ}MAIL_PASSWORD = os.environ.get('MAIL_PASSWORD', {default})"
    assert len(messages("SEC040", line)) == count


def test_a_secret_in_the_variables_of_one_service() -> None:
    worker = (
        "services:\n  worker:\n    command: celery\n    env_vars:\n      API_TOKEN: k39fj2lw0\n"
    )
    (finding,) = found("SEC010", {"nuages.yaml": f"domain: shop.example.com\n{worker}"})
    assert finding.location.line == 6
    flows = {"settings.py": "SECRET_KEY = env('APP_SALTY')"}
    given = {"nuages.yaml": "domain: shop.example.com\nenv_vars:\n  APP_SALTY: k39fj2lw0\n"}
    assert len(found("SEC010", {**flows, **given})) == 1
