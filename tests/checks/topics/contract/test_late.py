"""Rules about the settings contract: other spellings, and what must stay silent."""

from __future__ import annotations

from clean_site import found


def test_a_variable_that_a_view_demands_and_no_one_gives() -> None:
    view = "import os\n\n\ndef pay(request):\n    return {}\n"
    late = view.format("os.environ['PAYMENT_URL']")
    assert len(found("CON009", {"orders/views.py": late})) == 1
    assert found("CON009", {"orders/views.py": late, "nuages.yaml": None}) == []
    assert found("CON009", {"orders/views.py": view.format("os.environ['HOME']")}) == []
    expected = (
        "import os\n\ntry:\n    URL = os.environ['PAYMENT_URL']\nexcept KeyError:\n    URL = ''\n"
    )
    assert found("CON009", {"orders/views.py": expected}) == []
