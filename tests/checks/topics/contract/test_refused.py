"""Rules about the settings contract: other spellings, and what must stay silent."""

from __future__ import annotations

from clean_site import found
from contract_site import READ, manifest


def test_an_empty_value_that_the_settings_refuse() -> None:
    settings = (
        f"{READ}HOST = os.environ.get('MAIL_HOST', 'localhost')\n"
        "if not HOST:\n    raise ValueError('MAIL_HOST is empty')"
    )
    files = {"settings.py": settings, "nuages.yaml": manifest("MAIL_HOST: ''", "OTHER: '1'")}
    (finding,) = found("CON019", files)
    assert finding.message.startswith("MAIL_HOST is empty")
    assert finding.location.path == "nuages.yaml"


def test_settings_that_fail_whatever_nuages_yaml_says() -> None:
    files = {"settings.py": "raise ValueError", "nuages.yaml": manifest("PAGE_SIZE: '20'")}
    assert found("CON019", files) == []
