"""Rules about the settings contract: other spellings, and what must stay silent."""

from __future__ import annotations

import pytest
from clean_site import found
from contract_site import messages


@pytest.mark.parametrize(
    ("settings", "count"),
    [
        ("PAGES = os.environ.get('PAGES', '5')\nMORE = os.environ.get('PAGES', '9')", 1),
        ("PAGES = env.bool('PAGES', default=False)\nMORE = env.bool('PAGES', default=True)", 1),
        ("CDN = env.bool('CDN', default=False)\nMORE = os.getenv('CDN', '0') == '1'", 0),
        ("PAGES = os.environ.get('PAGES', '5')\nPAGES = os.environ.get('PAGES', '9')", 0),
        ("PAGES = os.getenv('N', '5') if DEBUG else os.getenv('N', '9')", 0),
        ("CDN = os.environ.get('CDN', '')\nURL = os.environ.get('CDN', '/media/')", 0),
    ],
)
def test_a_variable_with_two_defaults(settings: str, count: int) -> None:
    assert len(messages("CON012", settings)) == count


def test_a_worker_with_another_default_than_the_settings() -> None:
    worker = (
        "import os\n\nfrom celery import Celery\n\n"
        "app = Celery('library', broker=os.environ.get('BROKER', 'redis://localhost'))\n"
    )
    files = {"settings.py": "BROKER = env('BROKER', default='redis://redis')"}
    (finding,) = found("CON012", {**files, "config/celery_app.py": worker}, base="split")
    assert "redis://redis" in finding.message
