"""Rules about the settings contract: other spellings, and what must stay silent."""

from __future__ import annotations

import pytest
from contract_site import messages


@pytest.mark.parametrize(
    ("condition", "count"),
    [
        ("sys.argv[1] == 'test'", 1),
        ("len(sys.argv) > 1 and sys.argv[1] == 'test'", 0),
        ("'test' in sys.argv", 0),
        ("sys.argv[1:2] == ['test']", 0),
    ],
)
def test_the_command_line_in_the_settings(condition: str, count: int) -> None:
    assert len(messages("CON015", f"import sys\nTESTING = {condition}")) == count


def test_a_length_that_is_asked_for_and_is_not_enough() -> None:
    settings = "import sys\nTESTING = len(sys.argv) > 0 and sys.argv[1] == 'test'"
    assert len(messages("CON015", settings)) == 1
