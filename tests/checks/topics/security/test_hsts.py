"""Rules about the security of the settings: other spellings, and what must stay silent."""

from __future__ import annotations

from clean_site import found


def test_a_preload_that_the_list_refuses_is_only_worth_knowing() -> None:
    short = "SECURE_HSTS_SECONDS = 60\nSECURE_HSTS_PRELOAD = True"
    assert [f.severity for f in found("SEC017", {"settings.py": short})] == ["info"]
