"""Rules about the settings contract: other spellings, and what must stay silent."""

from __future__ import annotations

from clean_site import found
from contract_site import READ, messages


def test_a_missing_part_of_the_database_that_nobody_gives() -> None:
    parts = "'ENGINE': 'django.db.backends.postgresql', 'NAME': os.getenv('SHOP_DATABASE')"
    (finding,) = found("CON016", {"settings.py": f"{READ}DATABASES = {{'default': {{{parts}}}}}"})
    assert finding.location.line > 100
    demanded = parts.replace("os.getenv('SHOP_DATABASE')", "os.getenv('SHOP_DATABASE', 'shop')")
    assert messages("CON016", f"DATABASES = {{'default': {{{demanded}}}}}") == []
