"""Rules about the settings contract: other spellings, and what must stay silent."""

from __future__ import annotations

import pytest
from clean_site import found
from contract_site import messages


@pytest.mark.parametrize(
    ("settings", "count"),
    [
        ("from dotenv import load_dotenv\nload_dotenv(override=True)", 1),
        ("if (BASE_DIR / '.env').exists():\n    env.read_env('.env', overwrite=True)", 1),
        ("from dotenv import load_dotenv\nload_dotenv()", 0),
        ("from dotenv import load_dotenv\nif DEBUG:\n    load_dotenv(override=True)", 0),
    ],
)
def test_a_file_that_wins_over_the_environment(settings: str, count: int) -> None:
    assert len(messages("CON010", settings)) == count


def test_a_committed_file_that_says_nothing_of_what_is_read() -> None:
    files = {".env": "COMPOSE_PROJECT_NAME=shop\n", ".dockerignore": ".git\n"}
    read = {"settings.py": "env.read_env(BASE_DIR / '.env')", **files}
    assert found("CON011", read) == []
