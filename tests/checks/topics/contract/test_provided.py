"""Rules about the settings contract: other spellings, and what must stay silent."""

from __future__ import annotations

from clean_site import found
from contract_site import READ


def test_a_secret_that_is_demanded_and_that_nobody_wrote_down() -> None:
    (finding,) = found("CON001", {"settings.py": f"{READ}KEY = os.environ['STRIPE_SECRET_KEY']"})
    assert finding.severity == "warning"
    assert finding.fix == "List STRIPE_SECRET_KEY under `secrets` in nuages.yaml."
