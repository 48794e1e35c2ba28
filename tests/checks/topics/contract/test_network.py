"""Rules about the settings contract: other spellings, and what must stay silent."""

from __future__ import annotations

import pytest
from contract_site import messages


@pytest.mark.parametrize(
    ("settings", "count"),
    [
        ("from urllib.request import urlopen\nHOST = urlopen('http://169.254.169.254/').read()", 1),
        (
            "import boto3\n\n\ndef secret(name):\n    client = boto3.client('secretsmanager')\n"
            "    return client.get_secret_value(SecretId=name)\n\n\nTOKEN = secret('token')",
            1,
        ),
        ("import httpx\n\n\ndef later():\n    return httpx.get('https://example.com')", 0),
        ("import requests\nif DEBUG:\n    HOST = requests.get('http://localhost').text", 0),
    ],
)
def test_settings_that_speak_to_other_machines(settings: str, count: int) -> None:
    assert len(messages("CON018", settings)) == count
