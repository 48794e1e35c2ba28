"""Rules about the security of the settings: other spellings, and what must stay silent."""

from __future__ import annotations

import pytest
from clean_site import found


def test_keys_by_their_form() -> None:
    key = "AKIA" + "Q3EGUZT5NVWXYZ2A"
    assert found("SEC037", {"orders/s3.py": f"KEY = '{key}'\n"})
    assert not found("SEC037", {"orders/s3.py": f"# once {key}\n"})
    assert not found("SEC037", {"orders/s3.py": f'def f():\n    """Like {key}."""\n'})
    assert not found("SEC037", {"orders/s3.py": "KEY = 'AKIAIOSFODNN7EXAMPLE'\n"})


@pytest.mark.parametrize(
    ("path", "count"),
    [("deploy/start.sh", 1), (".env.example", 1), ("docs/start.sh", 0), ("orders/page.html", 0)],
)
def test_keys_in_what_builds_and_runs_the_code(path: str, count: int) -> None:
    key = "AKIA" + "IOSFODNN7ZZZZZZZ"
    assert len(found("SEC037", {path: f"export KEY={key}\n"})) == count
