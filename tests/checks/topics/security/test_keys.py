"""Rules about the security of the settings: other spellings, and what must stay silent."""

from __future__ import annotations

import pytest
from clean_site import found
from security_site import READ, messages


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("SECRET_KEY = 'x' * 50", "SEC006"),
        ("SECRET_KEY = os.environ.get('APP_KEY', 'abc')", "SEC007"),
        ("SECRET_KEY = os.getenv('APP_KEY') or 'abc'", "SEC007"),
        ("SECRET_KEY = os.environ['APP_KEY'] if 'APP_KEY' in os.environ else 'abc'", "SEC007"),
        ("try:\n    SECRET_KEY = os.environ['APP_KEY']\nexcept KeyError:\n"
         "    SECRET_KEY = 'abc'", "SEC007"),
        ("import secrets\nSECRET_KEY = os.environ.get('APP_KEY', secrets.token_hex())", "SEC008"),
        ("import secrets\nkey = secrets.token_hex()\nSECRET_KEY = os.getenv('APP_KEY', key)",
         "SEC008"),
        ("import uuid\nSECRET_KEY = str(uuid.uuid4())", "SEC008"),
        ("SECRET_KEY = os.urandom(50)", "SEC008"),
        ("SECRET_KEY = os.environ['APP_KEY']", None),
        ("SECRET_KEY = os.environ.get('APP_KEY')", None),
        ("SECRET_KEY = open('/run/secrets/key').read()", None),
        ("SECRET_KEY = 'dev' if DEBUG else os.environ['APP_KEY']", None),
    ],
)  # fmt: skip
def test_where_the_key_comes_from(line: str, rule: str | None) -> None:
    caught = [each for each in ("SEC006", "SEC007", "SEC008") if messages(each, f"{READ}{line}")]
    assert caught == ([rule] if rule else [])


def test_a_key_that_is_never_given_is_worse_than_one_that_may_be() -> None:
    always = found("SEC008", {"settings.py": f"{READ}SECRET_KEY = os.urandom(50)"})
    assert [f.severity for f in always] == ["error"]


def test_a_key_that_some_environment_refuses_is_a_lesser_risk() -> None:
    line = "SECRET_KEY = env('APP_KEY', default='not-a-secret')\n"
    guard = "if env('STAGE', default='dev') != 'dev' and not SECRET_KEY:\n    raise ValueError"
    (finding,) = found("SEC007", {"settings.py": line + guard})
    assert finding.severity == "warning"
