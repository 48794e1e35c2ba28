"""Rules about the security of the settings: other spellings, and what must stay silent."""

from __future__ import annotations

import pytest
from clean_site import found


@pytest.mark.parametrize(
    ("path", "text", "count"),
    [
        (".env.production", "SECRET_KEY='0123456789abcdef'\n", 1),
        ("deploy/.env", "DATABASE_URL=postgres://shop:k3f9@db.example.net/shop\n", 1),
        (".env.example", "SECRET_KEY=0123456789abcdef\n", 0),
        (".env.local", "SECRET_KEY=0123456789abcdef\n", 0),
        (".env.prod", "SECRET_KEY=changeme\nDB_PASSWORD=\nDB_HOST=db\n", 0),
    ],
)
def test_files_of_variables(path: str, text: str, count: int) -> None:
    assert len(found("SEC038", {path: text, ".gitignore": None})) == count
